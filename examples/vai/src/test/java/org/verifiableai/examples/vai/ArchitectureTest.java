package org.verifiableai.examples.vai;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URI;
import java.net.URISyntaxException;
import org.junit.jupiter.api.Test;

/** Holds the arrows of the design: who may see whom, and who may make a verdict. */
class ArchitectureTest {

    private static final String ROOT = "org.verifiableai.";

    /** What may use the network. */
    private static final String[] FETCHES = {
        ROOT + "attestation.internal.http..",
        ROOT + "attestation.nvidia.collateral..",
        ROOT + "attestation.snp.collateral.."
    };

    private static final JavaClasses SDK = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.verifiableai");

    @Test
    void attestationSeesNothingElseOfOursAndNoHeavyLibrary() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "attestation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "manifest..",
                        ROOT + "training..",
                        ROOT + "chain..",
                        ROOT + "examples..",
                        "ai.djl..",
                        "org.web3j..",
                        "com.fasterxml.jackson.databind.."));
    }

    @Test
    void theTestkitIsSeenByNoLibraryModule() {
        hold(noClasses()
                .that()
                .resideInAnyPackage(ROOT + "attestation..", ROOT + "manifest..", ROOT + "training..", ROOT + "chain..")
                .and()
                .resideOutsideOfPackage(ROOT + "attestation.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "attestation.testkit.."));
    }

    @Test
    void whatJudgesMachinesTouchesNeitherNetworkNorWhatFetches() {
        hold(noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "attestation",
                        ROOT + "attestation.internal..",
                        ROOT + "attestation.nvidia..",
                        ROOT + "attestation.snp")
                .and()
                .resideOutsideOfPackages(FETCHES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FETCHES)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "javax.net.."));
    }

    @Test
    void manifestSeesAttestationOnly() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "manifest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "training..", ROOT + "chain..", ROOT + "examples..", "ai.djl..", "org.web3j.."));
    }

    @Test
    void packagesOfManifestFormNoCycle() {
        hold(slices().assignedFrom(new ManifestPackages()).should().beFreeOfCycles());
    }

    @Test
    void whatIsInternalToManifestIsUsedByManifestOnly() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "manifest..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "manifest.internal.."));
    }

    @Test
    void manifestTouchesNeitherNetworkNorWhatFetches() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "manifest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FETCHES)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "javax.net..")
                .orShould()
                .dependOnClassesThat(
                        resideInAPackage("java.net").and(not(type(URI.class))).and(not(type(URISyntaxException.class))))
                .because("names of places are read, and no place is visited"));
    }

    @Test
    void trainingSeesNothingElseOfOurs() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "training..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "attestation..",
                        ROOT + "manifest..",
                        ROOT + "chain..",
                        ROOT + "examples..",
                        "org.web3j.."));
    }

    @Test
    void chainSeesNeitherTrainingNorExamples() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "chain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "training..", ROOT + "examples..", "ai.djl.."));
    }

    @Test
    void theDevnetIsSeenByExamplesOnly() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "chain.devnet..", ROOT + "examples..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "chain.devnet.."));
    }

    @Test
    void onlyVerifiersMakeVerdicts() {
        hold(noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Verifier")
                .and()
                .haveSimpleNameNotEndingWith("Appraisal")
                .should()
                .callMethodWhere(target(owner(name(ROOT + "attestation.internal.Appraisal")))
                        .and(target(nameMatching("verdict"))))
                .because("whoever makes a Verified value carries the name that a reviewer looks for"));
    }

    @Test
    void examplesUsePublicApiOnly() {
        hold(noClasses()
                .that()
                .resideInAPackage(ROOT + "examples..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "attestation.internal..",
                        ROOT + "manifest.internal..",
                        ROOT + "training.internal..",
                        ROOT + "chain.internal.."));
    }

    @Test
    void packagesFormNoCycle() {
        hold(slices().matching(ROOT + "(*)..").should().beFreeOfCycles());
    }

    /** Each package of the manifest module is a slice of its own, the module's root package too. */
    private static final class ManifestPackages implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            return name.equals(ROOT + "manifest") || name.startsWith(ROOT + "manifest.")
                    ? SliceIdentifier.of(name)
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of manifest";
        }
    }

    private static void hold(ArchRule rule) {
        rule.check(SDK);
    }
}
