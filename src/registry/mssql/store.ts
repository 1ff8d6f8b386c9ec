/** Where the registry's statements go, and what their text depends on. */

import type { Session } from '../../server/connection.js';
import type { StatementPlace } from '../../sql/registry-tables.js';

/** `session`: a transaction, or any connection. */
export interface Store extends StatementPlace {
  session: Session;
}
