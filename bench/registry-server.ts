/** A server on loopback for the benchmark of the registry, in a process of its own: prints its port, ends with its parent. */

import { startScripted } from '../test/registry/mssql/scripted/server.js';

const [statement = ''] = process.argv.slice(2);
const { tds, memory } = await startScripted({
  further: ({ text }) => {
    if (text === 'SELECT 1 AS one') return { sets: [{ columns: [{ name: 'one', type: 'int' }], rows: [[1]] }] };
    if (text !== statement) return null;
    // Models that were registered before must not add up.
    memory.state.models = [];
    return { rowsAffected: [1] };
  },
});
console.log(tds.port);
process.on('disconnect', () => process.exit());
