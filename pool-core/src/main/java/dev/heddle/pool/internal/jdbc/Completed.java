package dev.heddle.pool.internal.jdbc;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.heddle.pool.internal.sqlite.Errors;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Completes an abstract class that implements an interface of JDBC: each method that it leaves out
 * throws {@link SQLFeatureNotSupportedException}.
 *
 * <p>{@code ResultSet} alone has 190 methods, and SQLite has use for half of them. So the abstract
 * class holds those that do something, each checked by its {@code @Override}, and nothing else. A
 * method that JDBC gains later is refused, and not forgotten.
 */
final class Completed {

  private static final ClassDesc REFUSAL = descriptor(SQLFeatureNotSupportedException.class);
  private static final MethodTypeDesc TEXT_AND_STATE =
      MethodTypeDesc.of(CD_void, CD_String, CD_String);

  private Completed() {}

  /**
   * The constructor of a class that completes another one, with the parameters of one of its
   * constructors. It returns the abstract type, as {@code invokeExact} wants it.
   *
   * @param lookup of a class in the package of the abstract one
   * @param type the abstract class; its constructor must not be private
   */
  static <T> MethodHandle constructor(Lookup lookup, Class<T> type, Class<?>... parameters) {
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(parameters);
      MethodType signature = MethodType.methodType(void.class, constructor.getParameterTypes());
      Lookup completed = lookup.defineHiddenClass(completion(type, signature), false);
      return completed
          .findConstructor(completed.lookupClass(), signature)
          .asType(signature.changeReturnType(type));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalArgumentException("Can't complete " + type, e);
    }
  }

  /** For what a constructor throws that declares no exception. */
  static RuntimeException rethrown(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError("no constructor declares this", thrown);
    }
  }

  private static byte[] completion(Class<?> type, MethodType constructor) {
    ClassDesc parent = descriptor(type);
    ClassDesc name = ClassDesc.of(type.getPackageName(), type.getSimpleName() + "Completed");
    return ClassFile.of()
        .build(
            name,
            builder -> {
              builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
              builder.withSuperclass(parent);
              construct(builder, parent, descriptor(constructor));
              leftOut(type).forEach(method -> refuse(builder, method));
            });
  }

  /** The constructor hands its arguments on. */
  private static void construct(ClassBuilder builder, ClassDesc parent, MethodTypeDesc type) {
    builder.withMethodBody(
        INIT_NAME,
        type,
        0,
        code -> {
          code.aload(0);
          for (int i = 0; i < type.parameterCount(); i++) {
            code.loadLocal(TypeKind.from(type.parameterType(i)), code.parameterSlot(i));
          }
          code.invokespecial(parent, INIT_NAME, type).return_();
        });
  }

  /** Two interfaces may ask for the same method. */
  private static Collection<Method> leftOut(Class<?> type) {
    Map<String, Method> methods =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .collect(
                Collectors.toMap(
                    method -> method.getName() + descriptor(method).descriptorString(),
                    method -> method,
                    (one, other) -> one));
    return methods.values();
  }

  private static void refuse(ClassBuilder builder, Method method) {
    builder.withMethodBody(
        method.getName(),
        descriptor(method),
        ClassFile.ACC_PUBLIC,
        code -> refuse(code, "Heddle does not support " + signature(method)));
  }

  private static void refuse(CodeBuilder code, String message) {
    code.new_(REFUSAL)
        .dup()
        .loadConstant(message)
        .loadConstant(Errors.UNSUPPORTED)
        .invokespecial(REFUSAL, INIT_NAME, TEXT_AND_STATE)
        .athrow();
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(
            Collectors.joining(
                ", ",
                method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(",
                ")"));
  }

  private static ClassDesc descriptor(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }

  private static MethodTypeDesc descriptor(MethodType type) {
    return MethodTypeDesc.ofDescriptor(type.descriptorString());
  }

  private static MethodTypeDesc descriptor(Method method) {
    return descriptor(MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
  }
}
