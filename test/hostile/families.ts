/** Hostile files by the frameworks that read them: who makes them, and how they end. */

export interface Family {
  /** The converter in whose environment the files are made. */
  environment: string;
  maker: string;
  columns: string;
  isHostile: (name: string) => boolean;
  /** Those that are no harm once what was hostile is left out of them, or stands where nobody reads it. */
  harmless: RegExp;
  /** Of one file a kind: how it ends, and what is said of it. */
  said: [file: string, end: string, said: string][];
  /** Those whose code runs when somebody vouches for them. */
  runs: RegExp;
}

export const FAMILIES: Record<string, Family> = {
  Keras: {
    environment: 'keras',
    maker: 'keras',
    columns: 'a,b,c,d',
    isHostile: (name) => /\.(h5|hdf5|keras)$/.test(name),
    harmless: /^$/,
    said: [
      ['aligned-first-h5.h5', 'CORRUPT_MODEL', 'is a zip file that HDF5 takes for one of its own'],
      ['aligned-h5.h5', 'CORRUPT_MODEL', 'aligned-h5.h5 is no whole Keras model'],
      ['spelled-00.h5', 'UNTRUSTED_ARTIFACT', 'layer step calls tf.io.read_file'],
      ['spelled-09.h5', 'UNTRUSTED_ARTIFACT', 'layer step calls tf.math.abs.__globals__'],
      ['module-00.keras', 'UNTRUSTED_ARTIFACT', "is of the class os.function, which is not Keras's own"],
      ['module-01.keras', 'UNTRUSTED_ARTIFACT', 'layer step calls the function eval'],
      ['module-10.keras', 'UNTRUSTED_ARTIFACT', 'layer step is a Lambda'],
      ['nested-compile.keras', 'UNTRUSTED_ARTIFACT', 'calls the function load_model'],
      ['nested-text-text.keras', 'UNTRUSTED_ARTIFACT', 'calls the function load_model'],
      ['nested-twice.keras', 'UNTRUSTED_ARTIFACT', 'layer step is a Lambda'],
      ['other-version-method.h5', 'UNTRUSTED_ARTIFACT', 'layer step calls tf.'],
      ['lookup-asset.keras', 'UNTRUSTED_ARTIFACT', 'reads the file assets/../../asset.txt'],
      ['stored-chain.h5', 'UNSUPPORTED_MODEL', '/two is a link into another file'],
      ['stored-beside-zip.keras', 'UNSUPPORTED_MODEL', '/more is stored in another file'],
      ['member2-npz.keras', 'CORRUPT_MODEL', 'the member model.weights.NPZ, which is none that Keras writes'],
    ],
    runs: /^(lambda|nested|wrapped)-[23]|^(aligned-now|class-method|cell|npz-beside)/,
  },
  TensorFlow: {
    environment: 'tensorflow',
    maker: 'tensorflow',
    columns: 'a,b,c',
    isHostile: (name) => !/^(good|sound|elsewhere|other\.|words|secret)|\.(txt|index|data-.*)$/.test(name),
    harmless: /^(implements|implements-graph|prints|beside-(gradient|registered))$/,
    said: [
      [
        'reaching-DecodeProtoV2.pb',
        'UNSUPPORTED_OPERATOR',
        'the operator DecodeProtoV2 (reaching), which reaches beyond the model',
      ],
      ['reaching-readfile2.pb', 'UNSUPPORTED_OPERATOR', 'the operator readfile (reaching)'],
      ['function-StatelessWhile-nested.pb', 'UNSUPPORTED_OPERATOR', 'the operator WriteFile (write)'],
      ['within-LoadAndRemapMatrix', 'UNSUPPORTED_OPERATOR', 'the operator LoadAndRemapMatrix'],
      ['beside-saveable', 'UNSUPPORTED_OPERATOR', 'the operator WriteFile (write)'],
      ['other-signature', 'UNSUPPORTED_OPERATOR', 'the operator ReadFile'],
      ['joined-name', 'UNSUPPORTED_OPERATOR', "fills a table from a file that is not the model's own"],
      ['print-in-model', 'UNSUPPORTED_OPERATOR', 'the operator PrintV2'],
      ['lite-flex.tflite', 'UNSUPPORTED_OPERATOR', 'FlexReadFile'],
      ['lite-lower.tflite', 'UNSUPPORTED_OPERATOR', 'FlexStringToNumber'],
      ['link-asset', 'CORRUPT_MODEL', "link-asset can't be loaded"],
    ],
    runs: /^(writes|dataset|prints-file|saves)$/,
  },
  PyTorch: {
    environment: 'pytorch',
    maker: 'pytorch',
    columns: 'a,b,c,d',
    isHostile: (name) => /\.(pt2?|pth)$/.test(name) && !name.startsWith('good'),
    harmless: /^$/,
    said: [
      [
        'name-placeholder.pt2',
        'UNTRUSTED_ARTIFACT',
        'has code where a name should stand in models/model.json: "row=open(',
      ],
      ['name-forward.pt2', 'UNTRUSTED_ARTIFACT', 'has code where a name should stand'],
      ['name-keyword-quoted.pt2', 'UNTRUSTED_ARTIFACT', 'has code where a name should stand'],
      ['name-branch.pt2', 'UNTRUSTED_ARTIFACT', 'has code where a name should stand'],
      ['name-guard.pt2', 'UNTRUSTED_ARTIFACT', 'has code where the size of an array should stand'],
      [
        'target-00.pt2',
        'UNTRUSTED_ARTIFACT',
        "calls a function that networks do not need in models/model.json: 'torch.ops.aten.save.default'",
      ],
      ['script-line-concatenated.pt', 'UNTRUSTED_ARTIFACT', 'calls torch.save'],
      ['script-line-forked.pt', 'UNTRUSTED_ARTIFACT', 'calls torch.save'],
      ['script-line-alias-beyond.pt', 'UNTRUSTED_ARTIFACT', 'calls torch._reshape_alias'],
      ['archive-library-beside.pt2', 'UNTRUSTED_ARTIFACT', 'holds compiled code'],
      ['archive-weights-zip.pt2', 'UNTRUSTED_ARTIFACT', 'which torch itself does not need'],
      ['weights-nested.pt', 'UNTRUSTED_ARTIFACT', 'is a pickle of torch.serialization.os.system'],
    ],
    runs: /^(name-(placeholder|forward|branch)|script-writes|weights|size|old-file|script-line-triple)\./,
  },
  'the other formats': {
    environment: 'lightgbm',
    maker: 'others',
    columns: 'a,b,c',
    isHostile: (name) => !/^(good|secret|link|external)/.test(name),
    // Settings that nobody reads, and names that are only names.
    harmless: /^(lightgbm-|xgboost-(attributes|names)|skops-upper-schema)/,
    said: [
      ['as-pt.pt', 'UNTRUSTED_ARTIFACT', 'is a pickle of _io.open'],
      ['as-skops.skops', 'CORRUPT_MODEL', 'but holds a pickle'],
      ['packed-lzma.joblib', 'UNTRUSTED_ARTIFACT', 'a pickle'],
      [
        'skops-function.skops',
        'UNTRUSTED_ARTIFACT',
        'skops-function.skops holds classes that are not on the list of safe ones: os.system',
      ],
      ['skops-operator.skops', 'UNTRUSTED_ARTIFACT', 'operator.methodcaller'],
      ['skops-loader.skops', 'UNTRUSTED_ARTIFACT', 'numpy.ndarray (by PickleNode)'],
      ['skops-machine-n-support.skops', 'CORRUPT_MODEL', 'has other support vectors than it says'],
      ['skops-huge.skops', 'CORRUPT_MODEL', 'says that it has 1099511627776 numbers'],
      [
        'skops-array.skops',
        'CORRUPT_MODEL',
        'skops-array.skops cannot be read as a skops file: the array x.npy holds objects',
      ],
      ['spark-sql', 'UNSUPPORTED_MODEL', 'the stage org.apache.spark.ml.feature.SQLTransformer'],
      ['spark-uid', 'CORRUPT_MODEL', 'the uid ../../x of stage 0'],
      ['mojo-domain.zip', 'CORRUPT_MODEL', 'is no whole MOJO'],
    ],
    runs: /^(as-(joblib|pt)|packed-(gzip|xz)|protocol-5|appended|attribute|skops-function)\./,
  },
};
