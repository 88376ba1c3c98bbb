/**
 * What goes wrong around an operator, each as a test: a middlebox before the API does it on
 * purpose.
 */
@org.jspecify.annotations.NullMarked
package dev.marea.check.faults;
