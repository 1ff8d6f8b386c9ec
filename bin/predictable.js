#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

// `predictable list | head` closes our output early: that is the reader's right, and no error.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
// What was interrupted waits for nobody: a server that does not answer, for instance.
if (process.exitCode === 130) process.exit();
