package org.verifiableai.attestation.snp.launch;

import org.verifiableai.attestation.internal.LittleEndian;

/**
 * The state of a virtual processor at launch, as the page that is measured (APM volume 2, table B-4). Every register that
 * is not set here is zero.
 */
final class Vmsa {

    /** Where the first processor starts, on every monitor. */
    static final long BSP_EIP = 0xFFFF_FFF0L;

    // APM volume 2, table B-4.
    private static final int ES = 0x00;
    private static final int CS = 0x10;
    private static final int SS = 0x20;
    private static final int DS = 0x30;
    private static final int FS = 0x40;
    private static final int GS = 0x50;
    private static final int GDTR = 0x60;
    private static final int LDTR = 0x70;
    private static final int IDTR = 0x80;
    private static final int TR = 0x90;
    private static final int EFER = 0xD0;
    private static final int CR4 = 0x148;
    private static final int CR0 = 0x158;
    private static final int DR7 = 0x160;
    private static final int DR6 = 0x168;
    private static final int RFLAGS = 0x170;
    private static final int RIP = 0x178;
    private static final int G_PAT = 0x268;
    private static final int RDX = 0x310;
    private static final int SEV_FEATURES = 0x3B0;
    private static final int XCR0 = 0x3E8;
    private static final int MXCSR = 0x408;
    private static final int X87_FCW = 0x410;

    private static final long PAT = 0x0007_0406_0007_0406L;
    private static final long GCE_PAT = 0x0007_0106L;
    private static final long HIDDEN_MODEL = 0x600;
    private static final long REAL_MODE_LIMIT = 0xFFFF;
    private static final long FLAT_LIMIT = 0xFFFF_FFFFL;

    /** SNP active and nothing else: what is set for an SVSM, whatever the host offers. */
    private static final long SNP_ACTIVE = 1;

    private Vmsa() {}

    /** A processor that starts in real mode at {@code eip}. */
    static byte[] realMode(Vmm vmm, long eip, VcpuSignature vcpu, long sevFeatures) {
        byte[] page = common();
        boolean ec2 = vmm.isEc2();
        for (int register : new int[] {ES, DS, FS}) {
            segment(page, register, 0, 0x93, REAL_MODE_LIMIT, 0);
        }
        int code = ec2 && eip == BSP_EIP ? 0x9A : 0x9B;
        segment(page, CS, 0xF000, code, REAL_MODE_LIMIT, eip & 0xFFFF_0000L);
        segment(page, SS, 0, ec2 ? 0x92 : 0x93, REAL_MODE_LIMIT, 0);
        segment(page, TR, 0, ec2 ? 0x83 : 0x8B, REAL_MODE_LIMIT, 0);
        LittleEndian.put64(page, CR0, 0x10);
        LittleEndian.put64(page, RIP, eip & 0xFFFF);
        LittleEndian.put64(page, SEV_FEATURES, sevFeatures);
        LittleEndian.put64(page, G_PAT, vmm == Vmm.GCE ? GCE_PAT : PAT);
        LittleEndian.put64(page, RDX, rdx(vmm, vcpu));
        if (vmm == Vmm.QEMU) {
            LittleEndian.put32(page, MXCSR, 0x1F80);
            LittleEndian.put16(page, X87_FCW, 0x37F);
        }
        return page;
    }

    /** A processor that starts in protected mode at an SVSM's entry point; they are all alike. */
    static byte[] svsm(long entry, VcpuSignature vcpu) {
        byte[] page = common();
        for (int register : new int[] {ES, SS, DS, FS}) {
            segment(page, register, 0x10, 0xC93, FLAT_LIMIT, 0);
        }
        segment(page, CS, 0x08, 0xC9B, FLAT_LIMIT, 0);
        segment(page, TR, 0, 0x8B, REAL_MODE_LIMIT, 0);
        LittleEndian.put64(page, CR0, 0x11);
        LittleEndian.put64(page, RIP, entry);
        LittleEndian.put64(page, SEV_FEATURES, SNP_ACTIVE);
        LittleEndian.put64(page, G_PAT, PAT);
        LittleEndian.put64(page, RDX, vcpu.value());
        LittleEndian.put32(page, MXCSR, 0x1F80);
        return page;
    }

    private static byte[] common() {
        byte[] page = new byte[LaunchDigest.PAGE];
        segment(page, GS, 0, 0x93, REAL_MODE_LIMIT, 0);
        segment(page, GDTR, 0, 0, REAL_MODE_LIMIT, 0);
        segment(page, IDTR, 0, 0, REAL_MODE_LIMIT, 0);
        segment(page, LDTR, 0, 0x82, REAL_MODE_LIMIT, 0);
        LittleEndian.put64(page, EFER, 0x1000);
        LittleEndian.put64(page, CR4, 0x40);
        LittleEndian.put64(page, DR7, 0x400);
        LittleEndian.put64(page, DR6, 0xFFFF_0FF0L);
        LittleEndian.put64(page, RFLAGS, 2);
        LittleEndian.put64(page, XCR0, 1);
        return page;
    }

    private static long rdx(Vmm vmm, VcpuSignature vcpu) {
        return switch (vmm) {
            case QEMU -> vcpu.value();
            case EC2_V1 -> 0;
            case EC2_V2, GCE -> HIDDEN_MODEL;
        };
    }

    private static void segment(byte[] page, int offset, int selector, int attributes, long limit, long base) {
        LittleEndian.put16(page, offset, selector);
        LittleEndian.put16(page, offset + 2, attributes);
        LittleEndian.put32(page, offset + 4, limit);
        LittleEndian.put64(page, offset + 8, base);
    }
}
