/** The few forms of ASN.1 that a certificate is written in (X.690, distinguished encoding). */

export function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
export const setOf = (...parts: readonly Buffer[]) => tagged(0x31, ...parts);
export const octets = (body: Buffer) => tagged(0x04, body);
export const bits = (body: Buffer) => tagged(0x03, Buffer.from([0]), body);
export const truth = () => tagged(0x01, Buffer.from([0xff]));
export const words = (value: string) => tagged(0x0c, Buffer.from(value, 'utf8'));

/** Of bytes that stand for a number that is not negative, the highest first. */
export function integer(bytes: Buffer): Buffer {
  // As few bytes as can say it, or OpenSSL refuses the whole; but a leading one bit would make it negative.
  const start = bytes.findIndex((byte) => byte !== 0);
  const needed = start < 0 ? Buffer.from([0]) : bytes.subarray(start);
  return tagged(0x02, (needed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), needed]) : needed);
}

export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]));
}

/** UTCTime, with two digits for the year: RFC 5280 wants it until 2049. */
export function instant(date: Date): Buffer {
  return tagged(0x17, Buffer.from(`${date.toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));
}

function base128(value: number): readonly number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) + 128);
  return digits;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
}
