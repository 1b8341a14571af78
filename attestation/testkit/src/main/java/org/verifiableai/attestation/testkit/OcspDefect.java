package org.verifiableai.attestation.testkit;

/** What can be wrong with an OCSP answer; see {@link SoftwareOcsp#with(OcspDefect)}. */
public enum OcspDefect {
    /** It speaks of the certificate with the next serial number. */
    OTHER_CERTIFICATE,
    /** It speaks of a certificate of another issuer, with the same serial number. */
    OTHER_ISSUER,
    /** Neither the responder nor the issuer signed it. */
    OTHER_SIGNER,
    /** It names a responder whose certificate is not in it. */
    OTHER_RESPONDER_ID,
    /** It holds no certificate. */
    NO_DELEGATE,
    /** Its responder's certificate names no purpose. */
    DELEGATE_WITHOUT_PURPOSE,
    /** Its responder's certificate has a purpose that is not to sign answers. */
    DELEGATE_FOR_ANOTHER_PURPOSE,
    /** Its responder's certificate has one more purpose than to sign answers. */
    DELEGATE_WITH_SECOND_PURPOSE,
    /** Its responder's certificate does not say that nobody answers for it. */
    DELEGATE_WITHOUT_NO_CHECK,
    /** Its responder's certificate says so among the purposes, as NVIDIA's device authorities have it. No defect. */
    DELEGATE_WITH_NO_CHECK_AS_PURPOSE,
    /** Its responder's certificate ended the day before the answer. */
    DELEGATE_EXPIRED,
    /** Its responder's certificate begins the day after the answer. */
    DELEGATE_NOT_YET_VALID,
    /** Its responder's certificate names the issuer, and another signed it. */
    DELEGATE_SIGNED_BY_ANOTHER,
    /** Its responder's certificate is of an issuer of another name with the same key. */
    DELEGATE_OF_ANOTHER_NAME,
    /** Its responder's certificate is an authority's. */
    DELEGATE_IS_AUTHORITY,
    /** Its responder's certificate must not be used for signatures. */
    DELEGATE_MUST_NOT_SIGN,
    /** Its responder's certificate has a critical extension that nobody knows. */
    DELEGATE_WITH_UNKNOWN_EXTENSION,
    /** It has no time of the next answer. */
    NO_NEXT_UPDATE,
    /** It has a critical extension that nobody knows. */
    UNKNOWN_EXTENSION,
    /** What it says of the certificate has a critical extension that nobody knows. */
    UNKNOWN_SINGLE_EXTENSION,
    /** It does not repeat the nonce of the question. */
    NO_NONCE,
    /** It repeats another nonce than that of the question. */
    OTHER_NONCE,
    /** It says that it is too late or too early for an answer. */
    TRY_LATER,
    /** It says that the responder does not answer about this certificate. */
    UNAUTHORIZED,
    /** It is no answer at all. */
    GARBAGE
}
