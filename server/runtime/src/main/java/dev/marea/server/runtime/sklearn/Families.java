package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.Map;
import java.util.TreeMap;

/** Which class of the library is read by which family. The one list of what we serve. */
final class Families {
    /** Builds an estimator from its state, or says what is wrong with it. */
    interface Family {
        Estimator read(State state) throws LoadFailure;
    }

    private static final Map<String, Family> BY_CLASS = new TreeMap<>();

    static {
        add(
                LinearModels::classifier,
                "LogisticRegression",
                "LogisticRegressionCV",
                "SGDClassifier",
                "LinearSVC",
                "Perceptron",
                "PassiveAggressiveClassifier",
                "RidgeClassifier",
                "RidgeClassifierCV");
        add(
                LinearModels::regressor,
                "LinearRegression",
                "Ridge",
                "RidgeCV",
                "Lasso",
                "LassoCV",
                "ElasticNet",
                "ElasticNetCV",
                "Lars",
                "LarsCV",
                "LassoLars",
                "LassoLarsCV",
                "LassoLarsIC",
                "BayesianRidge",
                "ARDRegression",
                "HuberRegressor",
                "TheilSenRegressor",
                "OrthogonalMatchingPursuit",
                "OrthogonalMatchingPursuitCV",
                "MultiTaskLasso",
                "MultiTaskLassoCV",
                "MultiTaskElasticNet",
                "MultiTaskElasticNetCV",
                "QuantileRegressor",
                "SGDRegressor",
                "PassiveAggressiveRegressor",
                "LinearSVR");
        add(LinearModels::loglinear, "PoissonRegressor", "GammaRegressor");
        add(LinearModels::tweedie, "TweedieRegressor");
        add(KernelModels::ridge, "KernelRidge");
        add(KernelModels::process, "GaussianProcessRegressor");
        add(KernelModels::processClassifier, "GaussianProcessClassifier");
        add(KernelModels::twoClassProcess, "_BinaryGaussianProcessClassifierLaplace");
        add(LatentStructures::read, "PLSRegression", "PLSCanonical", "CCA");
        add(LatentStructures::transformer, "PLSSVD");
        add(Mixtures::gaussian, "GaussianMixture");
        add(Mixtures::bayesian, "BayesianGaussianMixture");
        add(Clusterings::nearest, "MeanShift", "AffinityPropagation");
        add(Clusterings::birch, "Birch");
        add(Clusterings::bisecting, "BisectingKMeans");
        add(Novelty::linear, "SGDOneClassSVM");
        add(TreeModels::treeClassifier, "DecisionTreeClassifier", "ExtraTreeClassifier");
        add(TreeModels::treeRegressor, "DecisionTreeRegressor", "ExtraTreeRegressor");
        add(TreeModels::forestClassifier, "RandomForestClassifier", "ExtraTreesClassifier");
        add(TreeModels::forestRegressor, "RandomForestRegressor", "ExtraTreesRegressor");
        add(GradientBoosting::classifier, "GradientBoostingClassifier");
        add(GradientBoosting::regressor, "GradientBoostingRegressor");
        add(HistBoosting::classifier, "HistGradientBoostingClassifier");
        add(HistBoosting::regressor, "HistGradientBoostingRegressor");
        add(SupportVectorMachines::classifier, "SVC", "NuSVC");
        add(SupportVectorMachines::regressor, "SVR", "NuSVR");
        add(SupportVectorMachines::novelty, "OneClassSVM");
        add(NeighbourModels::classifier, "KNeighborsClassifier", "RadiusNeighborsClassifier");
        add(NeighbourModels::regressor, "KNeighborsRegressor", "RadiusNeighborsRegressor");
        add(Centroids::read, "NearestCentroid");
        add(NaiveBayes::gaussian, "GaussianNB");
        add(NaiveBayes::multinomial, "MultinomialNB");
        add(NaiveBayes::complement, "ComplementNB");
        add(NaiveBayes::bernoulli, "BernoulliNB");
        add(NaiveBayes::categorical, "CategoricalNB");
        add(Perceptrons::classifier, "MLPClassifier");
        add(Perceptrons::regressor, "MLPRegressor");
        add(Discriminants::linear, "LinearDiscriminantAnalysis");
        add(Discriminants::quadratic, "QuadraticDiscriminantAnalysis");
        add(Dummies::classifier, "DummyClassifier");
        add(Dummies::regressor, "DummyRegressor");
        add(Novelty::isolation, "IsolationForest");
        add(Novelty::localFactor, "LocalOutlierFactor");
        add(Novelty::ellipse, "EllipticEnvelope");
        add(Clusters::kMeans, "KMeans", "MiniBatchKMeans");
        add(Scalers::standard, "StandardScaler");
        add(Scalers::minMax, "MinMaxScaler");
        add(Scalers::maxAbs, "MaxAbsScaler");
        add(Scalers::robust, "RobustScaler");
        add(Scalers::normalizer, "Normalizer");
        add(Imputer::read, "SimpleImputer");
        add(Imputer::missingIndicator, "MissingIndicator");
        add(Encoders::oneHot, "OneHotEncoder");
        add(Encoders::ordinal, "OrdinalEncoder");
        add(Encoders::target, "TargetEncoder");
        add(Dictionaries::read, "DictVectorizer");
        add(Labels::encoder, "LabelEncoder");
        add(Labels::binarizer, "LabelBinarizer");
        add(NeighbourImputer::read, "KNNImputer");
        add(RoundImputer::read, "IterativeImputer");
        add(Projections::random, "GaussianRandomProjection", "SparseRandomProjection");
        add(Projections::independent, "FastICA");
        add(Projections::factors, "FactorAnalysis");
        add(Projections::sparse, "SparsePCA", "MiniBatchSparsePCA");
        add(KernelMaps::nystroem, "Nystroem");
        add(KernelMaps::pca, "KernelPCA");
        add(KernelMaps::waves, "RBFSampler");
        add(Topics::dirichlet, "LatentDirichletAllocation");
        add(Topics::factors, "NMF");
        add(Selectors::support, "RFE", "RFECV", "SequentialFeatureSelector");
        add(Selectors::variance, "VarianceThreshold");
        add(
                Selectors::univariate,
                "SelectKBest",
                "SelectPercentile",
                "SelectFpr",
                "SelectFdr",
                "SelectFwe",
                "GenericUnivariateSelect");
        add(Selectors::fromModel, "SelectFromModel");
        add(Polynomials::read, "PolynomialFeatures");
        add(Splines::read, "SplineTransformer");
        add(Distributions::power, "PowerTransformer");
        add(Distributions::quantiles, "QuantileTransformer");
        add(Distributions::bins, "KBinsDiscretizer");
        add(Distributions::binarizer, "Binarizer");
        add(TextModels::count, "CountVectorizer");
        add(TextModels::tfidf, "TfidfVectorizer");
        add(TextModels::tfidfTransformer, "TfidfTransformer");
        add(TextModels::hashing, "HashingVectorizer");
        add(Functions::read, "FunctionTransformer");
        add(Composites::columnTransformer, "ColumnTransformer");
        add(Composites::featureUnion, "FeatureUnion");
        add(Projections::pca, "PCA", "IncrementalPCA");
        add(Projections::truncatedSvd, "TruncatedSVD");
        add(Pipeline::read, "Pipeline");
        add(LightgbmModels::classifier, "lightgbm.LGBMClassifier");
        add(
                LightgbmModels::regressor,
                "lightgbm.LGBMRegressor",
                "lightgbm.LGBMRanker",
                "lightgbm.LGBMModel");
        add(LightgbmModels::booster, "lightgbm.Booster");
        add(XgboostModels::classifier, "xgboost.XGBClassifier", "xgboost.XGBRFClassifier");
        add(
                XgboostModels::regressor,
                "xgboost.XGBRegressor",
                "xgboost.XGBRFRegressor",
                "xgboost.XGBRanker",
                "xgboost.XGBModel");
        add(XgboostModels::booster, "xgboost.Booster");
        add(
                Wrappers::best,
                "GridSearchCV",
                "RandomizedSearchCV",
                "HalvingGridSearchCV",
                "HalvingRandomSearchCV");
        add(Wrappers::frozen, "FrozenEstimator");
        add(Wrappers::selfTraining, "SelfTrainingClassifier");
        add(Wrappers::robust, "RANSACRegressor");
        add(Wrappers::fixedThreshold, "FixedThresholdClassifier");
        add(Wrappers::tunedThreshold, "TunedThresholdClassifierCV");
        add(Committees::voting, "VotingClassifier");
        add(Committees::votingRegressor, "VotingRegressor");
        add(Committees::bagging, "BaggingClassifier");
        add(Committees::baggingRegressor, "BaggingRegressor");
        add(Stacking::classifier, "StackingClassifier");
        add(Stacking::regressor, "StackingRegressor");
        add(Boosters::classifier, "AdaBoostClassifier");
        add(Boosters::regressor, "AdaBoostRegressor");
        add(Calibration::read, "CalibratedClassifierCV");
        add(Isotonic::read, "IsotonicRegression");
        add(Chains::read, "ClassifierChain", "RegressorChain");
        add(Multiclass::oneAgainstRest, "OneVsRestClassifier");
        add(Multiclass::oneAgainstOne, "OneVsOneClassifier");
        add(Multiclass::outputCode, "OutputCodeClassifier");
        add(Multiclass::constant, "_ConstantPredictor");
        add(Multiclass::eachOutput, "MultiOutputClassifier");
        add(Multiclass::eachTarget, "MultiOutputRegressor");
        add(Targets::read, "TransformedTargetRegressor");
    }

    private Families() {}

    private static void add(Family family, String... classes) {
        for (var name : classes) {
            BY_CLASS.put(name, family);
        }
    }

    /** The class alone for scikit-learn's own; of other libraries with the library's name. */
    private static String key(PyValue.Global type) {
        var library = type.module().split("\\.", 2)[0];
        return library.equals("sklearn") ? type.name() : library + "." + type.name();
    }

    static Estimator read(State state) throws LoadFailure {
        // Modules move between versions of the library; the classes keep their names.
        var family = BY_CLASS.get(key(state.object().type()));
        if (family == null) {
            throw state.unsupported("the class " + state.object().type().full());
        }
        return family.read(state);
    }
}
