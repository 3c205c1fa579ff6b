PRAGMA foreign_keys = OFF;
DELETE FROM author WHERE name = 'Joyce';
