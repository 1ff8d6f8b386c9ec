"""Classes and functions of Keras 2 and 3 that a model's description may name: each of them only computes.

What is not here is not loaded without trust: layers that hold Python code or another model, and those that read a file.
"""

from __future__ import annotations

MODELS = frozenset(
    "DTypePolicy FloatDTypePolicy Functional KerasTensor Layer LinearModel Model Operation Policy PolicyV1 Sequential Variable WideDeepModel".split()
)
LAYERS = frozenset(
    """
    AbstractRNNCell Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AddLoss AddMetric AdditiveAttention AlphaDropout Attention
    AugMix AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BaseDenseAttention
    BaseRandomLayer BatchNormalization BatchNormalizationBase BatchNormalizationV1 BatchNormalizationV2 Bidirectional
    CategoryEncoding CenterCrop Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2D
    Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CuDNNGRU CuDNNLSTM CutMix Dense
    DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten Functional GRU GRUCell
    GRUCellV1 GRUCellV2 GRUV1 GRUV2 GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention Identity InputLayer InputSpec
    IntegerLookup LSTM LSTMCell LSTMCellV1 LSTMCellV2 LSTMV1 LSTMV2 Layer LayerNormalization LeakyReLU LinearModel
    LocallyConnected1D LocallyConnected2D Masking MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D
    MaxPooling3D Maximum MelSpectrogram Minimum MixUp Model MultiHeadAttention Multiply Normalization PReLU Permute Pipeline
    PreprocessingLayer RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
    RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomFourierFeatures RandomGaussianBlur RandomGrayscale RandomHeight
    RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomWidth RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram
    SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D Sequential SimpleRNN SimpleRNNCell Softmax
    Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract
    SyncBatchNormalization TFDConcat TFDIdentity ThresholdedReLU TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D WideDeepModel
    Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """.split()
)
# Initializers, constraints, regularizers, losses, metrics, optimizers, types.
PARTS = frozenset(
    """
    AUC AbsMaxQuantizer Accuracy Adadelta Adafactor Adagrad Adam AdamW Adamax BinaryAccuracy BinaryCrossentropy
    BinaryFocalCrossentropy BinaryIoU CTC CategoricalAccuracy CategoricalCrossentropy CategoricalFocalCrossentropy
    CategoricalGeneralizedCrossEntropy CategoricalHinge Circle ConcordanceCorrelation Constant Constraint CosineDecay
    CosineDecayRestarts CosineSimilarity DTypePolicyMap Dice ExponentialDecay F1Score FBetaScore FalseNegatives FalsePositives
    Float8QuantizationConfig Ftrl GlorotNormal GlorotUniform HeNormal HeUniform Hinge Huber IdentityInitializer Initializer
    Int4DTypePolicy Int4QuantizationConfig Int8QuantizationConfig InverseTimeDecay IoU KLDivergence L1 L1L2 L2 Lamb
    LearningRateSchedule LecunNormal LecunUniform Lion LogCosh LogCoshError Loss LossFunctionWrapper LossScaleOptimizer MaxNorm Mean
    MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanRelativeError MeanSquaredError
    MeanSquaredLogarithmicError MeanTensor Metric MinMaxNorm MultiOptimizer Muon Nadam NonNeg OneHotIoU OneHotMeanIoU Ones Optimizer
    OptimizerMap Orthogonal OrthogonalInitializer OrthogonalRegularizer PearsonCorrelation PiecewiseConstantDecay Poisson Policy
    PolynomialDecay Precision PrecisionAtRecall PyMetric QuantizedDTypePolicy QuantizedFloat8DTypePolicy Quantizer R2Score RMSprop
    RadialConstraint RandomNormal RandomUniform Recall RecallAtPrecision Reduction Regularizer RootMeanSquaredError SGD STFT
    STFTInitializer ScheduleFreeAdamW SeedGenerator SensitivityAtSpecificity SparseCategoricalAccuracy SparseCategoricalCrossentropy
    SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum TopKCategoricalAccuracy TrueNegatives TruePositives
    TruncatedNormal Tversky UnitNorm VarianceScaling Zeros constant glorot_normal glorot_uniform he_normal he_uniform identity l1
    l1_l2 l2 lecun_normal lecun_uniform max_norm min_max_norm non_neg normal ones orthogonal orthogonal_regularizer
    radial_constraint random_normal random_uniform stft truncated_normal uniform unit_norm variance_scaling zeros
    """.split()
)
# What keras.ops makes of a call within a functional model of Keras 3.
OPERATIONS = frozenset(
    """
    Abs Absolute AdaptiveAveragePool AdaptiveMaxPool AffineTransform All AllClose Amax Amin Angle Any Append Arange Arccos Arccosh
    Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argpartition Argsort Array ArraySplit AveragePool BatchNorm Bincount
    BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor BroadcastTo CDist CTCDecode CTCLoss
    Cast Cbrt Ceil Celu Cholesky CholeskyInverse Clip Conj Conjugate Conv ConvTranspose ConvertToTensor Copy Corrcoef Correlate Cos
    Cosh CountNonzero CropImages Cross Cumprod Cumsum Deg2rad DepthToSpace DepthwiseConv Det Diag Diagflat Diagonal Diff Digitize
    Divide DivideNoNan DotProductAttention Dsplit Dstack Eig Eigh Einsum ElasticTransform Elu EmptyLike Equal Erf Erfc Erfinv Exp
    Exp2 ExpandDims Expm1 ExtractPatches ExtractSequences FFT FFT2 Fabs Flip Fliplr Flipud Floor FloorDivide Fmax Fmin Fmod Fold
    Full FullLike GaussianBlur Gcd Gelu Geomspace GetItem Glu Greater GreaterEqual HSVToRGB HardShrink HardSigmoid HardSilu HardTanh
    Heaviside Histogram Hsplit Hstack Hypot I0 IFFT2 IRFFT ISTFT Imag InTopK Inner Inv IsIn Isclose Isfinite Isinf Isnan Isneginf
    Isposinf Isreal Kron LayerNorm Lcm Ldexp LeakyRelu LeftShift Less LessEqual Linspace Log Log10 Log1p Log2 LogSigmoid LogSoftmax
    Logaddexp Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr LogicalXor Logspace Logsumexp Lstsq LuFactor MapCoordinates Matmul
    MatrixRank Max MaxPool Median Meshgrid Min Mod Moments Moveaxis MultiHot NanToNum Nanargmax Nanargmin Nancumprod Nancumsum
    Nanmax Nanmean Nanmedian Nanmin Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter Nonzero Norm
    Normalize NotEqual OneHot OnesLike Outer PSNR Pad PadImages Percentile PerspectiveTransform Pinv Polar Power Prod Ptp Qr
    Quantile RFFT RGBToGrayscale RGBToHSV RMSNorm Rad2deg Ravel Real Rearrange Reciprocal Relu Relu6 Repeat Resize RightShift Roll
    Rot90 Round Rsqrt SSIM SVD SaturateCast ScaleAndTranslate Scatter ScatterUpdate SearchSorted SegmentMax SegmentMin SegmentProd
    SegmentReduction SegmentSum Select Selu SeparableConv Sigmoid Sign Signbit Silu Sin Sinc Sinh Size Slice SliceUpdate Slogdet
    SobelEdges SoftShrink Softplus Softsign Solve SolveTriangular Sort SpaceToDepth SparsePlus SparseSigmoid Sparsemax Split Sqrt
    Square Squareplus Squeeze Stack Std StopGradient Swapaxes Take TakeAlongAxis Tan Tanh TanhShrink Tensordot Threshold Tile TopK
    Trace Transpose Trapezoid Tril Triu TrueDivide Trunc Unfold Unique UnravelIndex Unstack Vander Var Vdot View ViewAsComplex
    ViewAsReal Vsplit Vstack Where ZerosLike
    """.split()
)
# Values that JSON does not have.
VALUES = frozenset("__keras_tensor__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __tuple__ TensorShape CompositeTensor".split())
FUNCTIONS = frozenset(
    """
    KLD MAE MAPE MSE MSLE binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy
    categorical_crossentropy categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge celu circle
    concordance_correlation cosine cosine_proximity cosine_similarity ctc dice elu exponential gelu glu hard_shrink hard_sigmoid
    hard_silu hard_tanh hinge huber kl_divergence kld kullback_leibler_divergence l1_l2 leaky_relu linear log_cosh log_sigmoid
    log_softmax logcosh mae mape mean_absolute_error mean_absolute_percentage_error mean_squared_error
    mean_squared_logarithmic_error mish mse msle pearson_correlation poisson relu relu6 selu sigmoid silu soft_shrink softmax
    softplus softsign sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus sparse_sigmoid
    sparse_top_k_categorical_accuracy sparsemax squared_hinge squareplus swish tanh tanh_shrink threshold top_k_categorical_accuracy
    tversky
    """.split()
)
CLASSES = MODELS | LAYERS | PARTS | OPERATIONS | VALUES
