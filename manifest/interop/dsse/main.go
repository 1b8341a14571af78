// Envelopes and statements between this SDK and the Go libraries of DSSE and in-toto.
//
//	go run . check FOLDER   reads and verifies the envelopes ours-*.json there
//	go run . make FOLDER    writes envelopes go-*.json there, each with its key in *.pub.pem
package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	attestation "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
)

const payloadType = "application/vnd.in-toto+json"

// key is what the library leaves to its callers: a signature over bytes, ECDSA in DER with the hash of its curve.
type key struct {
	public  crypto.PublicKey
	private crypto.Signer
	id      string
}

func digest(curve elliptic.Curve, data []byte) ([]byte, crypto.Hash) {
	if curve == elliptic.P384() {
		sum := sha512.Sum384(data)
		return sum[:], crypto.SHA384
	}
	sum := sha256.Sum256(data)
	return sum[:], crypto.SHA256
}

func (k key) Sign(_ context.Context, data []byte) ([]byte, error) {
	if public, ok := k.public.(*ecdsa.PublicKey); ok {
		sum, hash := digest(public.Curve, data)
		return k.private.Sign(rand.Reader, sum, hash)
	}
	return k.private.Sign(rand.Reader, data, crypto.Hash(0))
}

func (k key) Verify(_ context.Context, data, signature []byte) error {
	good := false
	switch public := k.public.(type) {
	case *ecdsa.PublicKey:
		sum, _ := digest(public.Curve, data)
		good = ecdsa.VerifyASN1(public, sum, signature)
	case ed25519.PublicKey:
		good = ed25519.Verify(public, data, signature)
	}
	if !good {
		return errors.New("signature does not verify")
	}
	return nil
}

func (k key) KeyID() (string, error)   { return k.id, nil }
func (k key) Public() crypto.PublicKey { return k.public }

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func check(folder string) {
	files := must(filepath.Glob(filepath.Join(folder, "ours-*.json")))
	if len(files) == 0 {
		log.Fatal("no envelopes")
	}
	for _, file := range files {
		var envelope dsse.Envelope
		if err := json.Unmarshal(must(os.ReadFile(file)), &envelope); err != nil {
			log.Fatal(err)
		}
		block, _ := pem.Decode(must(os.ReadFile(strings.TrimSuffix(file, ".json") + ".pub.pem")))
		public := must(x509.ParsePKIXPublicKey(block.Bytes))
		verifier := must(dsse.NewEnvelopeVerifier(key{public: public, id: envelope.Signatures[0].KeyID}))
		_, payload, err := verifier.VerifyAndDecode(context.Background(), &envelope)
		if err != nil {
			log.Fatalf("%s: %v", file, err)
		}
		statement := &attestation.Statement{}
		if err := protojson.Unmarshal(payload, statement); err != nil {
			log.Fatalf("%s: %v", file, err)
		}
		if err := statement.Validate(); err != nil {
			log.Fatalf("%s: %v", file, err)
		}
		envelope.PayloadType += "x"
		if _, err := verifier.Verify(context.Background(), &envelope); err == nil {
			log.Fatalf("%s: verified under another payload type", file)
		}
		fmt.Printf("go: %s: verified by go-securesystemslib, %d subjects valid for in-toto\n",
			strings.TrimSuffix(filepath.Base(file), ".json"), len(statement.Subject))
	}
}

func makeAll(folder string) {
	p256 := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	p384 := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	edPublic, edPrivate, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	statement := &attestation.Statement{
		Type:          attestation.StatementTypeUri,
		Subject:       []*attestation.ResourceDescriptor{{Name: "model", Digest: map[string]string{"sha256": strings.Repeat("ab", 32)}}},
		PredicateType: "https://example.org/evaluation/v1",
		Predicate:     must(structpb.NewStruct(map[string]any{"score": 1e-7, "runs": 3})),
	}
	payload := must(protojson.Marshal(statement))
	for name, k := range map[string]key{
		"p256":    {public: &p256.PublicKey, private: p256},
		"p384":    {public: &p384.PublicKey, private: p384},
		"ed25519": {public: edPublic, private: edPrivate},
	} {
		k.id = must(dsse.SHA256KeyID(k.public))
		envelope := must(must(dsse.NewEnvelopeSigner(k)).SignPayload(context.Background(), payloadType, payload))
		spki := must(x509.MarshalPKIXPublicKey(k.public))
		write(folder, "go-"+name+".json", must(json.Marshal(envelope)))
		write(folder, "go-"+name+".pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	}
}

func write(folder, name string, content []byte) {
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
		log.Fatal(err)
	}
}

func main() {
	if os.Args[1] == "make" {
		makeAll(os.Args[2])
	} else {
		check(os.Args[2])
	}
}
