// Compiles ProvenanceRegistry.sol into the resources of the chain module: its ABI and its creation bytecode.
//   node compile.mjs          writes them
//   node compile.mjs --check  compares them byte for byte with what is committed, and writes nothing
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const here = dirname(fileURLToPath(import.meta.url));
const resources = join(here, "../src/main/resources/org/verifiableai/chain/registry");
const source = "ProvenanceRegistry.sol";

const input = {
    language: "Solidity",
    sources: { [source]: { content: readFileSync(join(here, source), "utf8") } },
    settings: {
        // Sapphire runs Shanghai's rules; paris needs nothing newer than they have.
        evmVersion: "paris",
        optimizer: { enabled: true, runs: 200 },
        // The bytecode must depend on the code alone, not on paths or comments.
        metadata: { bytecodeHash: "none", appendCBOR: false },
        outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
};

const output = JSON.parse(solc.compile(JSON.stringify(input)));
const problems = output.errors ?? [];
for (const problem of problems) {
    console.error(problem.formattedMessage);
}
if (problems.length > 0) {
    process.exit(1);
}

const contract = output.contracts[source].ProvenanceRegistry;
const artefacts = {
    "ProvenanceRegistry.abi.json": JSON.stringify(contract.abi, null, 2) + "\n",
    "ProvenanceRegistry.bin": contract.evm.bytecode.object + "\n",
};

let differs = false;
for (const [name, text] of Object.entries(artefacts)) {
    const file = join(resources, name);
    if (!process.argv.includes("--check")) {
        writeFileSync(file, text);
        console.log(`${name}: ${text.length} characters written`);
    } else if (readFileSync(file, "utf8") !== text) {
        console.error(`${name}: the committed file is not what ${source} compiles to; run node compile.mjs`);
        differs = true;
    } else {
        console.log(`${name}: as compiled`);
    }
}
process.exit(differs ? 1 : 0);
