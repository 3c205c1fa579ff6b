package dev.heddle.pool.tests.frameworks;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.apache.ibatis.type.BaseTypeHandler;
import org.apache.ibatis.type.JdbcType;
import org.jspecify.annotations.Nullable;

/** MyBatis' mapper for parcels. */
public interface MyBatisParcels {

  /** What is given a key; MyBatis sets the fields. */
  final class Item {
    long id;
    final String code;

    Item(String code) {
      this.code = code;
    }
  }

  // page: mapper
  @Insert("INSERT INTO parcel(code) VALUES (#{code})")
  @Options(useGeneratedKeys = true, keyProperty = "id")
  void insert(Item item);

  @Update("UPDATE parcel SET grams = #{grams} WHERE id = #{id}")
  void weigh(@Param("id") long id, @Param("grams") int grams);

  @Select(value = "INSERT INTO parcel(code) VALUES (#{code}) RETURNING *", affectData = true)
  Parcel insertReturning(String code);

  // page end

  @Insert(
      """
      INSERT INTO parcel(code, grams, price, token, due, opens, packed, seen)
      VALUES (#{code}, #{grams}, #{price}, #{token}, #{due}, #{opens}, #{packed}, #{seen})
      """)
  void insertWhole(Parcel parcel);

  @Insert(
      """
      <script>
      INSERT INTO parcel(code) VALUES
      <foreach collection="list" item="item" separator=",">(#{item.code})</foreach>
      </script>
      """)
  @Options(useGeneratedKeys = true, keyProperty = "id")
  void insertAll(List<Item> items);

  @Insert("INSERT OR IGNORE INTO parcel(code) VALUES (#{code})")
  @Options(useGeneratedKeys = true, keyProperty = "id")
  int insertOrIgnore(Item item);

  @Delete("DELETE FROM parcel")
  int deleteAll();

  @Select("SELECT * FROM parcel WHERE id = #{id}")
  Parcel get(long id);

  @Select("SELECT * FROM parcel WHERE id = #{id}")
  Map<String, @Nullable Object> row(long id);

  @Select("SELECT code FROM parcel ORDER BY id")
  List<String> codes();

  @Select("SELECT count(*) FROM parcel")
  @Options(useCache = false, flushCache = Options.FlushCachePolicy.TRUE)
  long count();

  @Select("SELECT grams FROM parcel WHERE code = #{code}")
  int grams(String code);

  @Select(ParcelFixture.MANY_ROWS)
  Cursor<Integer> manyNumbers();

  @Select(ParcelFixture.ENDLESS)
  @Options(timeout = 1)
  long endlessForOneSecond();

  @Select(ParcelFixture.ENDLESS)
  long endless();

  // page: uuid
  /** UUIDs as text; MyBatis has no handler of its own for them. */
  final class UuidHandler extends BaseTypeHandler<UUID> {

    @Override
    public void setNonNullParameter(
        PreparedStatement statement, int index, UUID value, @Nullable JdbcType type)
        throws SQLException {
      statement.setObject(index, value);
    }

    @Override
    public @Nullable UUID getNullableResult(ResultSet row, String column) throws SQLException {
      return row.getObject(column, UUID.class);
    }

    @Override
    public @Nullable UUID getNullableResult(ResultSet row, int column) throws SQLException {
      return row.getObject(column, UUID.class);
    }

    @Override
    public @Nullable UUID getNullableResult(CallableStatement row, int column) throws SQLException {
      return row.getObject(column, UUID.class);
    }
  }

  // page end

  // page: config
  static SqlSessionFactory sessions(DataSource source) {
    Environment environment = new Environment("app", new JdbcTransactionFactory(), source);
    Configuration configuration = new Configuration(environment);
    configuration.getTypeHandlerRegistry().register(UUID.class, UuidHandler.class);
    configuration.addMapper(MyBatisParcels.class);
    return new SqlSessionFactoryBuilder().build(configuration);
  }
  // page end
}
