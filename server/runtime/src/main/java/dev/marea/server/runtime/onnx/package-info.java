/** ONNX graphs, run by ONNX Runtime in this process. */
@NullMarked
package dev.marea.server.runtime.onnx;

import org.jspecify.annotations.NullMarked;
