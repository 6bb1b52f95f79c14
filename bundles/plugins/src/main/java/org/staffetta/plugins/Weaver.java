package org.staffetta.plugins;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the code of plug-ins from {@code deploy/} answer to an interrupt, and keeps it from ending the process.
 *
 * <p>The JVM has no means to end a thread that loops without ever blocking, and two such threads take both cores of a small
 * machine from everybody. So each backward branch, and each call of a method of the same class, which may be a recursion, looks whether the
 * thread was interrupted, and throws if so: a loop that overruns its deadline ends, and {@link PluginThread} can slow it down.
 *
 * <p>Besides, who waits for a {@code Lock} can be interrupted, so that two that wait for each other do not for ever; an array larger than a
 * call may allocate is not made; and a call of {@code exit} or {@code halt} throws.
 *
 * <p>This is no sandbox: code that wants to harm the process it runs in can. It is for code that means well and has a fault.
 */
final class Weaver implements WeavingHook {

    private static final Logger LOG = LoggerFactory.getLogger(Weaver.class);
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
    private static final ClassDesc EXCEPTION = ClassDesc.of("java.lang.IllegalStateException");
    private static final MethodTypeDesc WITH_MESSAGE = MethodTypeDesc.of(ConstantDescs.CD_void,
            ConstantDescs.CD_String);
    private static final Set<String> LAST_CALLS = Set.of("java/lang/System.exit", "java/lang/Runtime.exit",
            "java/lang/Runtime.halt");

    // what waits whoever interrupts, and what can be interrupted instead
    private static final Map<String, String> WAITS = Map.of("java/util/concurrent/locks/Lock.lock",
            "lockInterruptibly", "java/util/concurrent/locks/ReentrantLock.lock", "lockInterruptibly",
            "java/util/concurrent/locks/ReentrantReadWriteLock$ReadLock.lock", "lockInterruptibly",
            "java/util/concurrent/locks/ReentrantReadWriteLock$WriteLock.lock", "lockInterruptibly",
            "java/util/concurrent/locks/Condition.awaitUninterruptibly", "await",
            "java/util/concurrent/Semaphore.acquireUninterruptibly", "acquire");

    private final Predicate<Bundle> isForeign;
    private final LongSupplier memory;

    /**
     * @param memory octets that one array may have
     */
    Weaver(Predicate<Bundle> isForeign, LongSupplier memory) {
        this.isForeign = isForeign;
        this.memory = memory;
    }

    @Override
    public void weave(WovenClass wovenClass) {
        if (isForeign.test(wovenClass.getBundleWiring().getBundle())) {
            setBytes(wovenClass, memory.getAsLong());
        }
    }

    // a hook that throws is asked no more, for any class
    private static void setBytes(WovenClass wovenClass, long memory) {
        try {
            wovenClass.setBytes(weave(wovenClass.getBytes(), wovenClass.getBundleWiring().getClassLoader(), memory));
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{} of {} stays as it is, and may loop for ever: {}", wovenClass.getClassName(),
                    wovenClass.getBundleWiring().getBundle().getSymbolicName(), e.toString());
        }
    }

    // the frames at the new branches need to know what extends what; that is read, and nothing is loaded for it
    static byte[] weave(byte[] bytes, ClassLoader types, long memory) {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(types)
                .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile classFile = ClassFile.of(ClassFile.DeadCodeOption.PATCH_DEAD_CODE,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        ClassModel parsed = classFile.parse(bytes);
        String name = parsed.thisClass().asInternalName();
        return classFile.transformClass(parsed,
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(() -> new Method(name, memory))));
    }

    /** One method's code: a branch to a label that was passed already leads backwards. */
    private static final class Method implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();
        private final String ownClass;
        private final long memory;

        Method(String ownClass, long memory) {
            this.ownClass = ownClass;
            this.memory = memory;
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            switch (element) {
                case LabelTarget label -> {
                    passed.add(label.label());
                    code.with(label);
                }
                case BranchInstruction branch when passed.contains(branch.target()) -> {
                    throwIfInterrupted(code);
                    code.with(branch);
                }
                case NewPrimitiveArrayInstruction array -> {
                    throwIfLonger(code, memory / Math.max(1, octets(array.typeKind())));
                    code.with(array);
                }
                case NewReferenceArrayInstruction array -> {
                    throwIfLonger(code, memory / Integer.BYTES);
                    code.with(array);
                }
                case InvokeInstruction call -> invoke(code, call);
                default -> code.with(element);
            }
        }

        private void invoke(CodeBuilder code, InvokeInstruction call) {
            String owner = call.owner().asInternalName();
            String name = owner + "." + call.name().stringValue();
            if (LAST_CALLS.contains(name)) {
                refuse(code, call);
            } else if (WAITS.containsKey(name)) {
                code.invoke(call.opcode(), call.owner().asSymbol(), WAITS.get(name), call.typeSymbol(),
                        call.isInterface());
            } else {
                if (owner.equals(ownClass) && !call.name().equalsString(ConstantDescs.INIT_NAME)) {
                    throwIfInterrupted(code);
                }
                code.with(call);
            }
        }

        private static int octets(TypeKind kind) {
            return switch (kind) {
                case LONG, DOUBLE -> Long.BYTES;
                case INT, FLOAT -> Integer.BYTES;
                case SHORT, CHAR -> Short.BYTES;
                default -> 1;
            };
        }

        private static void throwIfLonger(CodeBuilder code, long most) {
            int limit = (int) Math.min(Integer.MAX_VALUE, most);
            Label goOn = code.newLabel();
            code.dup().loadConstant(limit).if_icmple(goOn);
            throwException(code, "a plug-in may not have an array longer than " + limit);
            code.labelBinding(goOn);
        }

        private static void throwIfInterrupted(CodeBuilder code) {
            Label goOn = code.newLabel();
            code.invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD))
                    .invokevirtual(THREAD, "isInterrupted", MethodTypeDesc.of(ConstantDescs.CD_boolean)).ifeq(goOn);
            throwException(code, "the plug-in ran into its deadline");
            code.labelBinding(goOn);
        }

        private static void refuse(CodeBuilder code, InvokeInstruction call) {
            code.pop();
            if (call.opcode() != Opcode.INVOKESTATIC) {
                code.pop();
            }
            throwException(code, "a plug-in may not end the server");
        }

        private static void throwException(CodeBuilder code, String message) {
            code.new_(EXCEPTION).dup().loadConstant(message)
                    .invokespecial(EXCEPTION, ConstantDescs.INIT_NAME, WITH_MESSAGE).athrow();
        }
    }
}
