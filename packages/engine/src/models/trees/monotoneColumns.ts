import { describeColumns, type InputEncoder } from '../../transforms/inputEncoder.ts';
import type { MonotoneDirections } from '../specChecker.ts';

/** Direction of each encoded column [d], as growing trees take it; null where no input has one. */
export function monotoneColumns(encoder: InputEncoder, directions: MonotoneDirections): Int8Array | null {
  const columns = describeColumns(encoder);
  const found = Int8Array.from(columns, ({ key, role }) => (role === 'value' ? (directions[key] ?? 0) : 0));
  return found.some((direction) => direction !== 0) ? found : null;
}
