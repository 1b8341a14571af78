// Command go-sev-guest verifies one recorded SEV-SNP report again and again with the published go-sev-guest module, and
// prints what one verification took of the processor. It is the other side of bin/compare.
//
// It works as a relying party without a network does: the certificates come with the report, the roots are read once and
// given, nothing is fetched, and revocation is not asked about, since the module only asks the key service.
//
//	go-sev-guest FOLDER RFC3339-TIME SECONDS
//
// FOLDER holds report.bin, vcek.der, ask.pem and ark.pem. Each line of the output is "name median-microseconds".
package main

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-sev-guest/abi"
	spb "github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/validate"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
)

// How many verifications one sample times.
const batch = 20

// RUSAGE_THREAD of Linux.
const rusageThread = 1

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "go-sev-guest:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("expected FOLDER TIME SECONDS, found %d arguments", len(args))
	}
	now, err := time.Parse(time.RFC3339, args[1])
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(args[2], 64)
	if err != nil {
		return err
	}
	duration := time.Duration(seconds * float64(time.Second))
	files := map[string][]byte{}
	for _, name := range []string{"report.bin", "vcek.der", "ask.pem", "ark.pem"} {
		if files[name], err = os.ReadFile(filepath.Join(args[0], name)); err != nil {
			return err
		}
	}
	ask, ark := der(files["ask.pem"]), der(files["ark.pem"])
	line, err := productLine(ask)
	if err != nil {
		return err
	}
	certs := &spb.CertificateChain{VcekCert: files["vcek.der"], AskCert: ask, ArkCert: ark}
	vcek, err := trust.ParseCert(files["vcek.der"])
	if err != nil {
		return err
	}

	options := func() (*verify.Options, error) {
		root := trust.AMDRootCertsProduct(line)
		if err := root.FromKDSCertBytes(append(append([]byte{}, files["ask.pem"]...), files["ark.pem"]...)); err != nil {
			return nil, err
		}
		return &verify.Options{
			DisableCertFetching: true,
			Now:                 now,
			TrustedRoots:        map[string][]*trust.AMDRootCerts{line: {root}},
		}, nil
	}
	given, err := options()
	if err != nil {
		return err
	}
	parsed, err := abi.ReportToProto(files["report.bin"])
	if err != nil {
		return err
	}
	attestation := &spb.Attestation{Report: parsed, CertificateChain: certs}
	policy := &validate.Options{
		GuestPolicy: abi.SnpPolicy{SMT: true, MigrateMA: true, Debug: true},
		ReportData:  parsed.GetReportData(),
		Measurement: parsed.GetMeasurement(),
	}

	cases := []struct {
		name string
		call func() error
	}{
		// What a user calls on a report that is parsed already: VCEK and ASK are verified each time.
		{"verify.SnpAttestation", func() error { return verify.SnpAttestation(attestation, given) }},
		// The same from bytes, with a policy, as this SDK's verifier works.
		{"parse+verify+validate", func() error {
			report, err := abi.ReportToProto(files["report.bin"])
			if err != nil {
				return err
			}
			whole := &spb.Attestation{Report: report, CertificateChain: certs}
			if err := verify.SnpAttestation(whole, given); err != nil {
				return err
			}
			return validate.SnpAttestation(whole, policy)
		}},
		// Nothing kept: the roots are read again each time.
		{"cold", func() error {
			fresh, err := options()
			if err != nil {
				return err
			}
			report, err := abi.ReportToProto(files["report.bin"])
			if err != nil {
				return err
			}
			return verify.SnpAttestation(&spb.Attestation{Report: report, CertificateChain: certs}, fresh)
		}},
		// The report's signature alone, under a VCEK that the caller has verified before: no chain, no dates, no TCB. The
		// module has no verification that keeps a chain; this is the nearest to one that it exports.
		{"verify.SnpReportSignature", func() error { return verify.SnpReportSignature(files["report.bin"], vcek) }},
	}
	for _, c := range cases {
		if err := c.call(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Printf("%s %.1f\n", c.name, median(c.call, duration))
	}
	one := throughput(cases[0].call, 1, duration)
	two := throughput(cases[0].call, 2, duration)
	fmt.Printf("two-threads-over-one %.2f\n", two/one)
	return nil
}

// median is what one call takes in microseconds of this thread's processor time, over batches.
func median(call func() error, duration time.Duration) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var samples []float64
	for end := time.Now().Add(duration); time.Now().Before(end); {
		start := processorTime()
		for i := 0; i < batch; i++ {
			if err := call(); err != nil {
				panic(err)
			}
		}
		samples = append(samples, (processorTime()-start)/batch)
	}
	sort.Float64s(samples)
	return samples[len(samples)/2]
}

// processorTime is what this thread has used so far, in microseconds.
func processorTime() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Sec+used.Stime.Sec)*1e6 + float64(used.Utime.Usec+used.Stime.Usec)
}

// throughput is how many calls a second so many goroutines make.
func throughput(call func() error, threads int, duration time.Duration) float64 {
	var wait sync.WaitGroup
	counts := make([]int, threads)
	start := time.Now()
	for t := range counts {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for time.Since(start) < duration {
				if err := call(); err != nil {
					panic(err)
				}
				counts[t]++
			}
		}()
	}
	wait.Wait()
	sum := 0
	for _, count := range counts {
		sum += count
	}
	return float64(sum) / time.Since(start).Seconds()
}

func der(text []byte) []byte {
	block, _ := pem.Decode(text)
	if block == nil {
		return text
	}
	return block.Bytes
}

// productLine is what follows SEV- in the name of an ASK.
func productLine(ask []byte) (string, error) {
	certificate, err := trust.ParseCert(ask)
	if err != nil {
		return "", err
	}
	line, found := strings.CutPrefix(certificate.Subject.CommonName, "SEV-")
	if !found {
		return "", fmt.Errorf("expected an ASK, found %s", certificate.Subject.CommonName)
	}
	return line, nil
}
