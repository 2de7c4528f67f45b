// The product in a process of its own. argv: options as JSON.
import { openController } from '../lib/controller.mjs';
import { serve } from '../lib/process.mjs';
import { usage } from '../lib/usage.mjs';

const { tls = false } = JSON.parse(process.argv[2] ?? '{}');
const { ports } = await openController({ devices: tls ? { plainPort: null, tlsPort: 0 } : {} });
serve(ports, { usage });
