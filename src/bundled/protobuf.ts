/** ONNX's messages and protobufjs, which has 20 MB of tools beside it: packed into one file when the project is built. */

export { default as proto } from 'onnx-proto';
export { default as protobuf } from 'protobufjs/minimal.js';
