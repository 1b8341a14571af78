"""Models signed here and judged by the model-signing package, and the other way round.

    oms.py VAI...    the command line of this project, as one or more words

Prints one line for each case and ends with status 1 if one went another way than it should.
"""

import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from model_signing import hashing, signing, verifying

VAI = sys.argv[1:]
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
CASES = ["files", "shards", "one file"]

# The package calls the one file of a model "." as bundles did before v1.0.1; the format has its name there.
REFUSED_THERE = {"one file"}


class Signer:
    """A key with its certificate, of an authority below a root, all as files."""

    def __init__(self, folder, name, curve):
        self.key = ec.generate_private_key(curve)
        self.private = folder / f"{name}.pem"
        self.private.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.public = folder / f"{name}.pub"
        self.public.write_bytes(
            self.key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        root_key, between_key = ec.generate_private_key(curve), ec.generate_private_key(curve)
        self.root = self._certificate(folder / f"{name}.root", "root", root_key, "root", root_key, True)
        self.between = self._certificate(folder / f"{name}.between", "between", between_key, "root", root_key, True)
        self.leaf = self._certificate(folder / f"{name}.leaf", "signer", self.key, "between", between_key, False)

    def _certificate(self, path, subject, key, issuer, issuer_key, authority):
        def named(text):
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(minutes=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
        )
        if not authority:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False
            )
        path.write_bytes(builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path


def make_model(folder, case):
    """The model of a case, and what is left out of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(bytes(range(256)) * 40)
    if case == "one file":
        return folder / "model.safetensors", []
    (folder / "config.json").write_text("{}")
    (folder / ".gitignore").write_text("*.tmp")
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "b" / "c" / "tokenizer.json").write_text("{}")
    # The package sorts a/z before a-b, the format the other way round.
    (folder / "a" / "z").write_text("1")
    (folder / "a-b").write_text("2")
    (folder / "a.b").write_text("3")
    (folder / "notes").mkdir()
    (folder / "notes" / "mine").write_text("not part of it")
    if case == "files":
        # Not with shards: the package does not read their names if there is a colon more.
        (folder / "a" / "b:1").write_text("a name with a colon")
    return folder, ["notes"]


def vai(*words):
    done = subprocess.run([*VAI, "oms", *map(str, words), "--json"], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    try:
        checks = json.loads(done.stdout)["checks"]
        return "; ".join(f"{c['id']}: {c['detail']}" for c in checks if c["outcome"] == "FAILED")
    except (ValueError, KeyError):
        return f"status {done.returncode}: {done.stderr.strip()}"


def sign_here(signer, method, case, model, ignored, signature):
    words = ["sign", "--model", model, "--signature", signature, "--private-key", signer.private]
    for path in ignored:
        words += ["--ignore", path]
    if case == "shards":
        words += ["--shard-size", "1000"]
    if method == "certificate":
        words += ["--certificate-chain", signer.leaf, signer.between]
    return vai(*words)


def verify_here(signer, method, model, signature):
    trust = ["--public-key", signer.public] if method == "key" else ["--ca", signer.root]
    return vai("verify", "--model", model, "--signature", signature, *trust)


def sign_there(signer, method, case, model, ignored, signature):
    config = hashing.Config()
    if case == "shards":
        config.use_shard_serialization(shard_size=1000)
    config.set_ignored_paths(paths=[model / p for p in ignored] + [signature], ignore_git_paths=True)
    signs = signing.Config()
    if method == "key":
        signs.use_elliptic_key_signer(private_key=signer.private)
    else:
        signs.use_certificate_signer(
            private_key=signer.private, signing_certificate=signer.leaf, certificate_chain=[signer.between]
        )
    signs.set_hashing_config(config).sign(model, signature)


def verify_there(signer, method, model, signature):
    judge = verifying.Config()
    if method == "key":
        judge.use_elliptic_key_verifier(public_key=signer.public)
    else:
        judge.use_certificate_verifier(certificate_chain=[signer.root])
    judge.verify(model, signature)


def attempt(step, *arguments):
    try:
        return step(*arguments)
    except Exception as e:  # whatever the package throws is its answer
        return f"{type(e).__name__}: {e}"


def main():
    failed = 0
    print(f"{'case':<20} {'key':<6} {'method':<12} {'signed':<6} {'judged':<6} {'as it is':<9} {'changed':<9}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for curve_name, curve in CURVES.items():
            signer = Signer(folder, curve_name, curve)
            for method in ("key", "certificate"):
                for case in CASES:
                    for signed, sign, judged, verify in (
                        ("here", sign_here, "there", verify_there),
                        ("there", sign_there, "here", verify_here),
                    ):
                        model, ignored = make_model(folder / "model", case)
                        signature = folder / "model" / "model.sig"
                        problem = attempt(sign, signer, method, case, model, ignored, signature)
                        problem = problem or attempt(verify, signer, method, model, signature)
                        (folder / "model" / "model.safetensors").write_bytes(b"other weights")
                        refused = attempt(verify, signer, method, model, signature)
                        known = judged == "there" and case in REFUSED_THERE
                        good = (problem is not None) == known and refused is not None
                        failed += not good
                        print(
                            f"{case:<20} {curve_name:<6} {method:<12} {signed:<6} {judged:<6} "
                            f"{'accepted' if problem is None else 'REFUSED':<9} "
                            f"{'refused' if refused is not None else 'ACCEPTED':<9} {('known: ' if known else '') + problem if problem else ''}".rstrip(),
                            flush=True,
                        )
    print("every case as it should be" if failed == 0 else f"{failed} cases went another way")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
