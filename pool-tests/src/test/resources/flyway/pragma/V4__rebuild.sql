-- A table that others refer to is replaced, as SQLite's documentation says.
PRAGMA foreign_keys = OFF;
DROP TRIGGER novel_added;
CREATE TABLE new_author(id INTEGER PRIMARY KEY, name TEXT NOT NULL, novels INTEGER NOT NULL);
INSERT INTO new_author SELECT id, name, novels FROM author;
DROP TABLE author;
ALTER TABLE new_author RENAME TO author;
PRAGMA foreign_keys = ON;
