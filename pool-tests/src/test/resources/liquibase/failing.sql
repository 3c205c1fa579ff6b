--liquibase formatted sql

--changeset heddle:good
CREATE TABLE done(id INTEGER PRIMARY KEY);

--changeset heddle:broken
CREATE TABLE half_done(id INTEGER PRIMARY KEY);
INSERT INTO half_done VALUES (1);
INSERT INTO missing VALUES (1);
