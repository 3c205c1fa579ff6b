--liquibase formatted sql

--changeset heddle:novels
CREATE TABLE novel(
  id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES author(id),
  title TEXT NOT NULL
);
ALTER TABLE author ADD COLUMN novels INTEGER NOT NULL DEFAULT 0;

--changeset heddle:trigger splitStatements:false
CREATE TRIGGER novel_added AFTER INSERT ON novel
BEGIN
  UPDATE author SET novels = novels + 1 WHERE id = new.author_id;
END;

--changeset heddle:first-novels
INSERT INTO novel(author_id, title) VALUES (1, 'Emma');
INSERT INTO novel(author_id, title) VALUES (1, 'Persuasion'), (2, 'Ulysses');
