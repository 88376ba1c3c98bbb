/** Trouble between a client and a server, on purpose: a proxy with faults that a seed draws. */
@org.jspecify.annotations.NullMarked
package dev.marea.check.chaos;
