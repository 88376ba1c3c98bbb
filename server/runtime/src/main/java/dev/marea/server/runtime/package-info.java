/** What runs a model: the SPI, and one package a format. */
@NullMarked
package dev.marea.server.runtime;

import org.jspecify.annotations.NullMarked;
