--liquibase formatted sql

--changeset heddle:forgotten runInTransaction:false
PRAGMA foreign_keys = OFF;
DELETE FROM author WHERE name = 'Joyce';
