/** The whole story in one command: a machine, a model that learns, a manifest, a verdict, a registry, and attacks. */
@NullMarked
package org.verifiableai.examples.vai.demo;

import org.jspecify.annotations.NullMarked;
