package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.verifiableai.attestation.internal.x509.DerBytes.element;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;
import static org.verifiableai.attestation.internal.x509.DerBytes.set;
import static org.verifiableai.attestation.internal.x509.DerBytes.utf8;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class NameTest {

    private static final Bytes ORGANIZATION = attribute("2.5.4.10", utf8("org"));
    private static final Bytes COMMON_NAME = attribute("2.5.4.3", utf8("first"));

    @Test
    void attributesAreReadInOrderAndOneSetMayHoldSeveral() throws Exception {
        Bytes encoded = sequence(set(ORGANIZATION, COMMON_NAME), set(attribute("2.5.4.3", utf8("second"))), set());
        Der der = Der.of(encoded.concat(integer(1)));

        Name name = Name.read("subject", der);

        assertThat(name.encoded()).isEqualTo(encoded);
        assertThat(name.commonName()).contains("first");
        assertThat(name).hasToString("2.5.4.10=org,CN=first,CN=second");
        assertThat(der.integer("behind")).isOne();
    }

    @Test
    void aNameWithoutCommonNameHasNone() throws Exception {
        assertThat(read(sequence()).commonName()).isEmpty();
        assertThat(read(sequence(set(ORGANIZATION))).commonName()).isEmpty();
    }

    @Test
    void textIsReadFromEachTypeOfStringAndShownAsHexFromAnyOther() throws Exception {
        for (int tag : new int[] {0x0C, 0x13, 0x16, 0x14}) {
            assertThat(read(sequence(set(attribute("2.5.4.3", element(tag, Bytes.utf8("text"))))))
                            .commonName())
                    .contains("text");
        }
        assertThat(read(sequence(set(attribute("2.5.4.3", element(0x1E, Bytes.fromHex("0041"))))))
                        .commonName())
                .contains("1e020041");
    }

    @Test
    void attributesAreLimitedInNumber() throws Exception {
        Bytes[] most = Collections.nCopies(32, set(ORGANIZATION)).toArray(Bytes[]::new);
        Bytes[] more = Collections.nCopies(33, set(ORGANIZATION)).toArray(Bytes[]::new);

        assertThat(read(sequence(most)).attributes()).hasSize(32);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(sequence(more)))
                .withMessageContaining("subject at offset")
                .withMessageEndingWith("expected at most 32 attributes, found more");
    }

    @Test
    void anAttributeHoldsTypeAndValueAlone() {
        for (Bytes wrong : new Bytes[] {
            sequence(oid("2.5.4.3"), utf8("text"), utf8("more")),
            sequence(oid("2.5.4.3")),
            sequence(utf8("text")),
            oid("2.5.4.3")
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> read(sequence(set(wrong))));
        }
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> read(sequence(COMMON_NAME)));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> read(set(set(COMMON_NAME))));
    }

    private static Bytes attribute(String type, Bytes value) {
        return sequence(oid(type), value);
    }

    private static Name read(Bytes encoded) throws MalformedEvidenceException {
        return Name.read("subject", Der.of(encoded));
    }
}
