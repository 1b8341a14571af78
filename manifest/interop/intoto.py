"""Envelopes and statements between this SDK and the Python libraries of in-toto, DSSE and sigstore.

  intoto.py check FOLDER   reads and verifies the envelopes ours-*.json and the bundles ours-*.bundle there
  intoto.py make FOLDER    writes envelopes python-*.json there, each with its key in *.pub.pem
"""

import json
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey
from sigstore_protobuf_specs.dev.sigstore.bundle.v1 import Bundle

TYPE = "application/vnd.in-toto+json"


def public_key(folder, name, keyid):
    pem = (folder / f"{name}.pub.pem").read_bytes()
    return SSlibKey.from_crypto(serialization.load_pem_public_key(pem), keyid=keyid)


def check_statement(payload):
    statement = Statement.copy_from_pb(json_format.Parse(payload, statement_pb2.Statement()))
    statement.validate()
    for subject in statement.pb.subject:
        ResourceDescriptor.copy_from_pb(subject).validate()
    predicate = json.dumps(json.loads(payload)["predicate"])
    # Strict: a member that SLSA provenance v1 does not name is an error here.
    provenance = json_format.Parse(predicate, provenance_pb2.Provenance())
    for resource in list(provenance.build_definition.resolved_dependencies) + list(provenance.run_details.byproducts):
        ResourceDescriptor.copy_from_pb(resource).validate()
    return len(statement.pb.subject)


def check(folder):
    names = sorted(path.name[: -len(".json")] for path in folder.glob("ours-*.json"))
    assert names, "no envelopes"
    for name in names:
        document = json.loads((folder / f"{name}.json").read_text())
        key = public_key(folder, name, document["signatures"][0]["keyid"])
        envelope = Envelope.from_dict(document)
        envelope.verify([key], 1)
        assert envelope.payload_type == TYPE
        subjects = check_statement(envelope.payload)
        broken = Envelope(envelope.payload + b" ", envelope.payload_type, envelope.signatures)
        try:
            broken.verify([key], 1)
            raise AssertionError("a changed payload was verified")
        except VerificationError:
            pass
        bundle = Bundle.from_dict(json.loads((folder / f"{name}.bundle").read_text()))
        assert bundle.dsse_envelope.payload == envelope.payload
        assert bundle.verification_material.public_key.hint == bundle.dsse_envelope.signatures[0].keyid
        print(f"python: {name}: verified by securesystemslib, {subjects} subjects valid for in-toto, bundle read")


def make(folder):
    signers = {
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, private in signers.items():
        subject = ResourceDescriptor(name="model", digest={"sha256": "ab" * 32, "gitBlob": "cd" * 20})
        subject.validate()
        statement = Statement([subject.pb], "https://example.org/evaluation/v1", {"score": 0.1, "runs": 3})
        statement.validate()
        payload = json_format.MessageToJson(statement.pb).encode()
        signer = CryptoSigner(private)
        envelope = Envelope(payload, TYPE, {})
        envelope.sign(signer)
        (folder / f"python-{name}.json").write_text(json.dumps(envelope.to_dict()))
        pem = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (folder / f"python-{name}.pub.pem").write_bytes(pem)


if __name__ == "__main__":
    {"check": check, "make": make}[sys.argv[1]](pathlib.Path(sys.argv[2]))
