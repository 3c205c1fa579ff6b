CREATE TABLE novel(
  id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES author(id),
  title TEXT NOT NULL
);

ALTER TABLE author ADD COLUMN novels INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER novel_added AFTER INSERT ON novel
WHEN new.title <> ''
BEGIN
  UPDATE author SET novels = novels + 1 WHERE id = new.author_id;
  UPDATE author SET name = CASE WHEN novels > 99 THEN 'Many; ' || name ELSE name END
    WHERE id = new.author_id;
END;

INSERT INTO novel(author_id, title) VALUES (1, 'Emma'), (1, 'Persuasion'), (2, 'Ulysses');
