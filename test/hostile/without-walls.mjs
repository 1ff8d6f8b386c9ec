/**
 * Makes this machine one that has no sandbox, for a command that is started with `node --import`: the lists of what files may name
 * are then all that stands between a file and the machine.
 */
const { platform } = process;
Object.defineProperty(process, 'platform', { value: 'without-walls' });
await import('../../dist/bridge/sandbox.js');
Object.defineProperty(process, 'platform', { value: platform });
