"""Verifies one recorded GPU again and again with NVIDIA's published local verifier (nv-local-gpu-verifier), and prints what
one verification took of the processor. It is the other side of bin/compare-gpu.

It calls what the tool's own command calls, attest(), with the evidence that a driver would have given it. Three things are
put in place of what a recorded case cannot have, and all of them are outside of what is measured on purpose:

* the two functions that go to the network give what is recorded: manifests by their id, OCSP answers by serial number;
* certificates are judged at the instant that is given, since the tool knows no other than now;
* nothing is logged, where the tool writes a few hundred lines to a terminal and to a file.

OCSP is asked without nonce, since recorded answers repeat none: the tool has an option for that. It does not look at the
times of an answer, so that answers of any day will do.

    drive.py FOLDER RFC3339-TIME SECONDS

FOLDER holds attestation_report.hex, cert_chain.pem, the manifests as ID.xml, and OCSP answers as ocsp/*.b64. Each line of the
output is "name median-microseconds".
"""

import base64
import logging
import os
import pathlib
import statistics
import sys
import tempfile
import time
import warnings
from datetime import datetime

warnings.simplefilter("ignore")
# The tool puts its log where it is started.
os.chdir(tempfile.mkdtemp())

from OpenSSL import crypto
from cryptography.x509 import ocsp
from verifier import cc_admin
from verifier.attestation import AttestationReport
from verifier.cc_admin_utils import CcAdminUtils
from verifier.config import BaseSettings, GPU_ARCHITECTURE_MAP, event_log, info_log
from verifier.nvml.gpu_cert_chains import GpuCertificateChains
from verifier.nvml.test_handle import TestHandle
from verifier.rim import RIM
from verifier.verifier import Verifier

HOPPER = 9
OPTIONS = {
    "allow_hold_cert": False,
    "claims_version": "3.0",
    "ocsp_nonce_disabled": True,
    "rim_service_url": None,
    "ocsp_url": None,
    "service_key": None,
    "verbose": False,
    "driver_rim": None,
    "vbios_rim": None,
    "test_no_gpu": False,
    "user_mode": True,
}


class RecordedGpu:
    """Stands where the tool has a GPU behind NVML: versions, report and certificates, parsed as the tool parses them."""

    def __init__(self, report, chain, driver, vbios):
        self.report = report
        self.driver = driver
        self.vbios = vbios
        self.chain = GpuCertificateChains(TestHandle(chain)).GpuAttestationCertificateChain

    def get_gpu_architecture(self):
        return HOPPER

    def get_uuid(self):
        return "GPU-recorded"

    def get_driver_version(self):
        return self.driver

    def get_vbios_version(self):
        return self.vbios

    def get_attestation_report(self):
        return self.report

    def get_attestation_cert_chain(self):
        return self.chain


def main(folder, instant, seconds):
    folder = pathlib.Path(folder)
    at = datetime.fromisoformat(instant.replace("Z", "+00:00")).replace(tzinfo=None)
    report = bytes.fromhex((folder / "attestation_report.hex").read_text().strip())
    chain = (folder / "cert_chain.pem").read_bytes()
    rims = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.xml")}
    answers = {}
    for file in (folder / "ocsp").glob("*.b64"):
        answer = base64.b64decode(file.read_text())
        answers[ocsp.load_der_ocsp_response(answer).serial_number] = answer

    for log in (info_log, event_log):
        log.handlers.clear()
        log.addHandler(logging.NullHandler())
        log.setLevel(logging.CRITICAL + 1)
    CcAdminUtils.fetch_rim_file = staticmethod(lambda file_id: rims[file_id])
    CcAdminUtils.send_ocsp_request = staticmethod(
        lambda data: ocsp.load_der_ocsp_response(answers[ocsp.load_der_ocsp_request(data).serial_number])
    )
    judged_now = crypto.X509StoreContext.verify_certificate

    def judged_then(context):
        context._store.set_time(at)
        return judged_now(context)

    crypto.X509StoreContext.verify_certificate = judged_then
    asked = CcAdminUtils.ocsp_certificate_chain_validation

    settings = GPU_ARCHITECTURE_MAP[HOPPER]
    parsed = AttestationReport(report, settings)
    opaque = parsed.get_response_message().get_opaque_data()
    driver = opaque.get_data("OPAQUE_FIELD_ID_DRIVER_VERSION").decode().rstrip("\0")
    vbios = ".".join(f"{b:02x}" for b in reversed(opaque.get_data("OPAQUE_FIELD_ID_VBIOS_VERSION")[:4]))
    vbios += f".{opaque.get_data('OPAQUE_FIELD_ID_VBIOS_VERSION')[4]:02x}"
    fwid = opaque.get_data("OPAQUE_FIELD_ID_FWID").hex()
    nonce = parsed.get_request_message().get_nonce().hex()
    driver_id = f"NV_GPU_DRIVER_GH100_{driver}"
    vbios_id = next(name for name in rims if name.startswith("NV_GPU_VBIOS_"))

    def attest():
        for kept in (cc_admin.hwmodel, cc_admin.oemid, cc_admin.ueid):
            kept.clear()  # the tool keeps them for as long as it runs
        cc_admin.gpu_driver_attestation_warning_list.clear()
        cc_admin.gpu_vbios_attestation_warning_list.clear()
        good, _ = cc_admin.attest(OPTIONS, nonce, [RecordedGpu(report, chain, driver, vbios)])
        return good

    def certificates():
        return GpuCertificateChains(TestHandle(chain)).GpuAttestationCertificateChain

    def rim(name, file_id):
        read = RIM(rim_name=name, settings=settings, content=rims[file_id])
        return read if read.verify(version=driver if name == "driver" else vbios, settings=settings)[0] else None

    def verify_report():
        return CcAdminUtils.verify_attestation_report(
            attestation_report_obj=parsed,
            gpu_leaf_certificate=leaf,
            nonce=bytes.fromhex(nonce),
            driver_version=driver,
            vbios_version=vbios,
            settings=settings,
        )

    modes = BaseSettings.Certificate_Chain_Verification_Mode

    def asking_about(wanted, call):
        def validation(certificates, settings, mode):
            return asked(certificates, settings, mode) if mode in wanted else (True, "", "good", None)

        def limited():
            CcAdminUtils.ocsp_certificate_chain_validation = staticmethod(validation)
            try:
                return call()
            finally:
                CcAdminUtils.ocsp_certificate_chain_validation = staticmethod(asked)

        return limited

    def without_ocsp(call):
        return asking_about((), call)

    BaseSettings.OCSP_NONCE_DISABLED = True
    leaf = certificates()[0]
    driver_rim = without_ocsp(lambda: rim("driver", driver_id))()
    vbios_rim = without_ocsp(lambda: rim("vbios", vbios_id))()
    cases = {
        # Whole: chain, nine OCSP answers, report, two manifests with their chains, measurements, and a token about it.
        "attest": attest,
        "attest-with-ocsp-of-device": asking_about((modes.GPU_ATTESTATION,), attest),
        "attest-without-ocsp": without_ocsp(attest),
        "step:parse-report": lambda: AttestationReport(report, settings) is not None,
        "step:report-signature": verify_report,
        "step:parse-and-verify-chain": lambda: CcAdminUtils.verify_gpu_certificate_chain(certificates(), settings, fwid)[0],
        "step:ocsp-of-device": lambda: asked(certificates(), settings, modes.GPU_ATTESTATION)[0],
        "step:both-rims-without-ocsp": without_ocsp(
            lambda: rim("driver", driver_id) is not None and rim("vbios", vbios_id) is not None
        ),
        "step:measurements": lambda: Verifier(parsed, driver_rim, vbios_rim, settings=settings).verify(settings),
    }
    for name, call in cases.items():
        print(name, f"{measure(name, call, seconds):.1f}", flush=True)


def measure(name, call, seconds):
    """The median of what one call takes of this process's processor time, in microseconds."""
    for _ in range(3):
        if call() is not True:
            raise SystemExit(f"drive.py: {name} does not accept what is recorded")
    samples = []
    end = time.monotonic() + seconds
    while not samples or time.monotonic() < end:
        start = time.process_time_ns()
        good = call()
        samples.append((time.process_time_ns() - start) / 1000)
        if good is not True:
            raise SystemExit(f"drive.py: {name} does not accept what is recorded")
    return statistics.median(samples)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(f"drive.py: expected FOLDER TIME SECONDS, found {len(sys.argv) - 1} arguments")
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
