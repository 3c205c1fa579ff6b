CREATE TABLE author(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE -- not the pen name; that is another column
);
INSERT INTO author(name) VALUES ('Austen; Jane'), ('Joyce');
