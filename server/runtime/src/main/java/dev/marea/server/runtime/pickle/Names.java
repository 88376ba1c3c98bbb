package dev.marea.server.runtime.pickle;

import java.util.Map;
import java.util.Set;

/** The names that a model's pickle may mention. Everything else is refused by name. */
final class Names {
    /** Names of these packages are labels on data: nothing of theirs is ever run. */
    private static final Set<String> PACKAGES = Set.of("sklearn", "_loss", "xgboost", "lightgbm");

    /** Functions of one number that a FunctionTransformer may name; they are labels, too. */
    private static final String NUMPY_FUNCTIONS =
            "abs absolute fabs positive negative sign square sqrt cbrt reciprocal exp exp2 expm1 log log1p log2"
                    + " log10 sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh"
                    + " arctanh asarray floor ceil trunc rint radians deg2rad degrees rad2deg isnan isinf"
                    + " isfinite nan_to_num";

    private static final Map<String, Set<String>> SINGLE =
            Map.ofEntries(
                    entry(
                            "builtins",
                            "set frozenset bytes bytearray object list dict tuple int float bool"
                                    + " str complex slice"),
                    entry("copyreg", "_reconstructor"),
                    entry("collections", "OrderedDict defaultdict"),
                    entry("_codecs", "encode"),
                    entry("functools", "partial"),
                    entry("scipy.sparse._csr", "csr_matrix csr_array"),
                    entry("scipy.interpolate._bsplines", "BSpline"),
                    entry("scipy._lib.array_api_compat.numpy._aliases", "asarray"),
                    entry(
                            "joblib.numpy_pickle",
                            "NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper"),
                    entry("numpy.core.multiarray", "_reconstruct scalar"),
                    entry("numpy.core.numeric", "_frombuffer"),
                    entry(
                            "numpy",
                            "ndarray dtype bool bool_ float16 float32 float64 int8 int16 int32"
                                    + " int64 uint8 uint16 uint32 uint64 str_ bytes_ object_ "
                                    + NUMPY_FUNCTIONS),
                    entry(
                            "numpy.random._pickle",
                            "__randomstate_ctor __bit_generator_ctor __generator_ctor"),
                    entry("numpy.random", "__RandomState_ctor"),
                    entry("numpy.random._mt19937", "MT19937"),
                    entry("numpy.random._pcg64", "PCG64 PCG64DXSM"),
                    entry("numpy.random._philox", "Philox"),
                    entry("numpy.random._sfc64", "SFC64"),
                    entry("numpy.ma", "MaskedArray"),
                    entry("numpy.ma.core", "_mareconstruct MaskedArray"),
                    entry(
                            "numpy.random.bit_generator",
                            "SeedSequence __pyx_unpickle_SeedSequence"));

    /** Python 2's names, and the modules that numpy has moved, under their present names. */
    private static final Map<String, String> MOVED =
            Map.of(
                    "__builtin__", "builtins",
                    "copy_reg", "copyreg",
                    "sklearn.externals.joblib.numpy_pickle", "joblib.numpy_pickle",
                    "scipy.sparse.csr", "scipy.sparse._csr",
                    "numpy.core._multiarray_umath", "numpy",
                    "numpy._core._multiarray_umath", "numpy",
                    "numpy._core.multiarray", "numpy.core.multiarray",
                    "numpy._core.numeric", "numpy.core.numeric");

    private Names() {}

    private static Map.Entry<String, Set<String>> entry(String module, String names) {
        return Map.entry(module, Set.of(names.split(" ", -1)));
    }

    static PyValue.Global canonical(String module, String name) {
        return new PyValue.Global(MOVED.getOrDefault(module, module), name);
    }

    static boolean isData(PyValue.Global global) {
        int dot = global.module().indexOf('.');
        var root = dot < 0 ? global.module() : global.module().substring(0, dot);
        return (PACKAGES.contains(root) && isPlain(global.name()))
                || SINGLE.getOrDefault(global.module(), Set.of()).contains(global.name());
    }

    /** Protocol 4 lets a name reach through attributes (a.b.c); data never does. */
    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.indexOf('.') < 0;
    }
}
