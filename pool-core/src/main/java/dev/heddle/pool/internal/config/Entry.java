package dev.heddle.pool.internal.config;

/** A key and a text, as somebody wrote them, before anybody looked at them. */
record Entry(String key, String text, Origin origin) {}
