package org.staffetta.plugins;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;
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
 * machine from everybody. So each backward branch looks whether the thread was interrupted, and throws if so: a loop that
 * overruns its deadline ends. A call of {@code exit} or {@code halt} throws instead.
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

    private final Predicate<Bundle> isForeign;

    Weaver(Predicate<Bundle> isForeign) {
        this.isForeign = isForeign;
    }

    @Override
    public void weave(WovenClass wovenClass) {
        if (isForeign.test(wovenClass.getBundleWiring().getBundle())) {
            setBytes(wovenClass);
        }
    }

    // a hook that throws is asked no more, for any class
    private static void setBytes(WovenClass wovenClass) {
        try {
            wovenClass.setBytes(weave(wovenClass.getBytes(), wovenClass.getBundleWiring().getClassLoader()));
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{} of {} stays as it is, and may loop for ever: {}", wovenClass.getClassName(),
                    wovenClass.getBundleWiring().getBundle().getSymbolicName(), e.toString());
        }
    }

    // the frames at the new branches need to know what extends what; that is read, and nothing is loaded for it
    static byte[] weave(byte[] bytes, ClassLoader types) {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(types)
                .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile classFile = ClassFile.of(ClassFile.DeadCodeOption.PATCH_DEAD_CODE,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        return classFile.transformClass(classFile.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Method::new)));
    }

    /** One method's code: a branch to a label that was passed already leads backwards. */
    private static final class Method implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();

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
                case InvokeInstruction call when LAST_CALLS
                        .contains(call.owner().asInternalName() + "." + call.name().stringValue()) ->
                    refuse(code, call);
                default -> code.with(element);
            }
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
