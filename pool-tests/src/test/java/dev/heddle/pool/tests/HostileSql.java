package dev.heddle.pool.tests;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** SQL that looks dangerous and is not, and SQL that is. */
final class HostileSql {

  private static final String COLUMNS =
      "(id INTEGER PRIMARY KEY, v, a, b, begin, \"commit\", temp, \"c;d\" DEFAULT 1, pragma)";

  /** Tables that are called like the keywords that the guard looks for. */
  static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE t" + COLUMNS,
          "CREATE TABLE u" + COLUMNS,
          "CREATE TABLE \"end\"" + COLUMNS,
          "CREATE TABLE temp" + COLUMNS,
          "CREATE UNIQUE INDEX ua ON u(a)",
          "CREATE VIEW vacuum AS SELECT * FROM t",
          "INSERT INTO t(v, a, b) VALUES ('one', 1, NULL), ('two', 2, x'00')",
          "INSERT INTO u(a, b) VALUES (1, '{\"a\":[1]}'), (2, 2.5)");

  /**
   * By <a href="https://sqlite.org/lang_keywords.html">lang_keywords</a>, many keywords may be
   * names.
   */
  private static final String RULES =
      """
      one: <lead><statement><trail>
      lead= ||| |;|;;<blank>|\ufeff|<comment>
      trail= ||;|<blank>;<blank>|;; -- COMMIT|/* ; ROLLBACK|-- END
      blank=  |\\n|\t|\\r\\n| \13|\\f|<comment>| <comment> | \ufeff
      comment= /**/|/* ; COMMIT */|/*/ BEGIN ' */|-- ' ; ROLLBACK\\n|--\\n|/* -- */|/***/
      statement: <data>|<query>|<query>|<ddl>|<trigger>|<savepoint>|<pragma>|EXPLAIN <data>|EXPLAIN QUERY PLAN <data>|ANALYZE|REINDEX u
      data: <query>|<insert>|<update>|<delete>|WITH <ctes> <query>|WITH <ctes> <insert>|WITH RECURSIVE <ctes> <delete>
      query: SELECT <expr> FROM <source>|SELECT <expr>,<expr> <alias> FROM <source>|SELECT * FROM <source> WHERE <expr>|SELECT <expr> FROM <source> ORDER BY <expr> LIMIT 3|VALUES(<const>,<const>),(<const>,2)|SELECT DISTINCT <expr> FROM <source> GROUP BY 1 HAVING <expr>|SELECT <expr> FROM <source> UNION ALL <query>|SELECT sum(<expr>) OVER (PARTITION BY 1 ORDER BY 2) FROM t|SELECT <const>
      source: t|<table>|<table>|<table> AS <alias>|(SELECT * FROM <table>) <alias>
      alias: x|"begin"|[commit]|`end`|begin|temp|"a;b"|rollback|'savepoint'
      table: t|u|"t"|[u]|`t`|main.t|"main" . t|main."end"|temp|vacuum|"temp"|end
      ctes: <cte>|<cte>,<cte>
      cte: <ctename> AS (<query>)|<ctename> AS MATERIALIZED (<query>)|<ctename> AS NOT MATERIALIZED (<query>)|<ctename>(x) AS (SELECT <const>)
      ctename: c1|"c2"|[commit]|begin|replace|`release;`|end|"pragma"
      expr: v|v|<const>|<const>|<name>|<name>|(<expr>)|<expr> + <expr>|<expr> % <expr>|NOT <expr>|- <expr>|<expr> IS NOT NULL|<expr> BETWEEN <expr> AND <expr>|CASE WHEN <expr> THEN <expr> ELSE <expr> END|<expr> IN (1,<expr>)|EXISTS(<query>)|<call>|<expr> COLLATE NOCASE|<parameter>
      const: 1|<literal>|<literal>|<literal>|CASE 1 WHEN 1 THEN 'END;' END|CAST(<literal> AS TEXT)|'{"a":1}' ->> '$.a'|<const> LIKE 'x;%' ESCAPE '!'|<const><<<const>|( SELECT <const> )
      literal= 'COMMIT;'|'it''s;END'|x'00ff'|X'3b'|1.5e+2|.5|0xFF|1_000|'--'|'/*'|''|'\u00e9;\ud83d\ude00'|NULL|CURRENT_TIMESTAMP|TRUE|"it's"|'"'
      name: v|id|a|"v"|[id]|`v`|"commit"|begin|temp|"c;d"|pragma|`begin`
      parameter: 1|1|1|1|?|?2|:begin|@commit|$end|$ns::a|$a::b(x;COMMIT)
      call: abs(<expr>)|replace('a;b',';',<expr>)|max(<expr>,1)|changes()|last_insert_rowid()|"abs"(<expr>)|coalesce(<expr>,<expr>)|json_array(1)|likely(<expr>)
      insert: INSERT INTO <into>|INSERT OR IGNORE INTO <into>|INSERT OR REPLACE INTO <into>|REPLACE INTO <into>|INSERT INTO <into> ON CONFLICT DO NOTHING|INSERT INTO u(a) VALUES(1) ON CONFLICT(a) DO UPDATE SET b = <const> WHERE <const>|INSERT INTO <into> RETURNING *|INSERT OR ROLLBACK INTO t(id) VALUES(1)|INSERT OR FAIL INTO t(id) VALUES(7),(1)
      into: t(v) VALUES(<const>)|u(b) VALUES(<const>),(<const>)|u DEFAULT VALUES|"end"(begin) SELECT <expr> FROM t WHERE 1|t(v) SELECT <expr> FROM <source>
      update: UPDATE <table> SET <set>|UPDATE OR IGNORE t SET v = <expr> WHERE <expr>|UPDATE t SET v = u.b FROM u WHERE t.id = u.a|UPDATE t SET (v,a) = (SELECT <const>,2) RETURNING id
      set: v = <expr>|b = <expr>|begin = <expr>,temp = 1
      delete: DELETE FROM <table>|DELETE FROM <table> WHERE <expr>|DELETE FROM t WHERE id = 1 RETURNING v
      ddl: CREATE TABLE <new>(x)|CREATE TABLE <new>(x INTEGER PRIMARY KEY,y DEFAULT(<const>) CHECK(y <> 'END;'))|CREATE TABLE <new> AS <query>|CREATE TABLE <new>(a PRIMARY KEY) WITHOUT ROWID|CREATE TABLE <new>(a INT,b GENERATED ALWAYS AS (a+1)) STRICT|CREATE INDEX <new> ON t(v,begin) WHERE v <> 'COMMIT'|CREATE VIEW <new> AS <query>|CREATE VIRTUAL TABLE <new> USING fts5(x,tokenize="porter")|DROP TABLE u|DROP VIEW vacuum|ALTER TABLE t RENAME COLUMN v TO <alias>|ALTER TABLE u ADD COLUMN z DEFAULT <literal>|ALTER TABLE temp RENAME TO <new>|DROP INDEX IF EXISTS <new>
      new: n|"n;m"|[begin]|main.n|IF_NOT|"main" . n|rollback|`temp;x`|temporary_n
      trigger: CREATE TRIGGER <new> <when> ON t BEGIN <body> END|CREATE TRIGGER <new> <when> ON t FOR EACH ROW WHEN <expr> BEGIN <body> <body> END|CREATE TRIGGER "end" INSTEAD OF UPDATE ON vacuum BEGIN <body> END
      when: AFTER INSERT|BEFORE UPDATE OF v|AFTER DELETE
      body: SELECT 1;|<query>;|UPDATE t SET v = new.id;|SELECT CASE WHEN 1 THEN 2 END AS "end";|DELETE FROM u WHERE <expr>;|INSERT INTO t(v) VALUES(';END');
      savepoint: SAVEPOINT <sp>|SAVEPOINT savepoint
      sp: s|"s;"|'s'|[release]|begin
      pragma: PRAGMA <reads>|PRAGMA main . <reads>|PRAGMA table_info(t)|PRAGMA table_info = "t"|PRAGMA user_version = 7|PRAGMA application_id(-3)|PRAGMA quick_check|PRAGMA foreign_key_check
      reads: foreign_keys|"journal_mode"|user_version|[synchronous]|cache_size|'page_size'|schema_version
      danger: <control>|<control>|<lasting>|EXPLAIN <lasting>|EXPLAIN <control>|WITH <ctes> <control>|<query>;<control>|<data>;<lasting>|<trigger>;<control>
      control: COMMIT|COMMIT TRANSACTION|END|END TRANSACTION "x"|ROLLBACK|ROLLBACK TRANSACTION|ROLLBACK TRANSACTION 'to'|BEGIN|BEGIN IMMEDIATE|BEGIN EXCLUSIVE TRANSACTION x|RELEASE heddle|RELEASE "HEDDLE_1"|ROLLBACK TO heddle_1|SAVEPOINT [heddle]|RELEASE nothing
      lasting: PRAGMA <sets> = <to>|PRAGMA main . <sets>(<to>)|PRAGMA <sets> == <to> )|CREATE TEMP TABLE x(a)|CREATE TEMPORARY VIEW x AS SELECT 1|CREATE TABLE "temp" . x(a)|CREATE TABLE IF NOT EXISTS 'temp'.x(a)|CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN <body> END|ATTACH 'attached.db' AS other|ATTACH DATABASE ':memory:' AS "main2"|DETACH main|VACUUM|VACUUM INTO 'copied.db'|backup to 'copied.db'|restore from 'copied.db'|SELECT load_extension('x')|SELECT * FROM pragma_optimize|PRAGMA wal_checkpoint(TRUNCATE)|PRAGMA optimize
      sets: foreign_keys|query_only|"synchronous"|recursive_triggers|journal_mode|locking_mode|writable_schema|ignore_check_constraints|[cache_size]|'temp_store'|trusted_schema
      to: 0|1|OFF|ON|-1|DELETE|EXCLUSIVE|'off'|+2
      glue= ;| |\\n|'|"|`|[|]|(|)|--|/*|*/|\u0000|\ufeff|\u00a0|LINE_SEPARATOR|\13|\ud800|\u212a|\u0130|\ud83d\ude00|$a(|#1|x'|0x|@|EXPLAIN |END;|COMMIT|;COMMIT|/**/|\\\\|=|.|,|\u0001|1e
      """
          .replace("LINE_SEPARATOR", "\u2028"); // javac takes it for the end of the line

  private final Random random;
  private final Grammar grammar;

  HostileSql(long seed) {
    random = new Random(seed);
    grammar = new Grammar(RULES, random);
  }

  /** One statement that leaves the transaction and the connection as they are. */
  String harmless() {
    return grammar.make("one").replace("IF_NOT", "IF NOT EXISTS n");
  }

  /** One statement that only reads. */
  String reading() {
    return grammar.make("lead") + grammar.make("query") + grammar.make("trail");
  }

  /** Anything; half of it with something put in, or left out, anywhere. */
  String hostile() {
    String text = random.nextBoolean() ? harmless() : dangerous();
    StringBuilder changed = new StringBuilder(text);
    for (int changes = random.nextInt(4) - 1; changes > 0; changes--) {
      int at = random.nextInt(changed.length() + 1);
      if (random.nextInt(4) == 0 && at < changed.length()) {
        changed.deleteCharAt(at);
      } else {
        changed.insert(at, grammar.make("glue"));
      }
    }
    return changed.toString();
  }

  private String dangerous() {
    return grammar.make("lead") + grammar.make("danger") + grammar.make("trail");
  }

  /** For messages. */
  static String printable(String sql) {
    StringBuilder printable = new StringBuilder();
    sql.chars()
        .forEach(
            c ->
                printable.append(
                    c >= ' ' && c <= '~'
                        ? String.valueOf((char) c)
                        : String.format(Locale.ROOT, "\\u%04x", c)));
    return printable.toString();
  }
}
