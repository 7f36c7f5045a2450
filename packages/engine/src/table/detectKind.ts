import { EngineError } from '../engineError.ts';

/** How the bytes of a table are packed. */
export type FileKind = 'text' | 'zip' | 'parquet';

/** First bytes of files that people upload by mistake, as Latin-1 text, and what to call them. */
const strangers: readonly (readonly [magic: string, name: string])[] = [
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['RIFF', 'a media file'],
  ['\x1f\x8b', 'a gzip archive; unpack it first'],
  ['BZh', 'a bzip2 archive; unpack it first'],
  ['\xfd7zXZ', 'an xz archive; unpack it first'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive; unpack it first'],
  ['7z\xbc\xaf', 'a 7-Zip archive; unpack it first'],
  ['Rar!', 'a RAR archive; unpack it first'],
  ['{\\rtf', 'a rich text document'],
  ['\x89HDF', 'an HDF5 file'],
  ['SQLite format 3', 'an SQLite database'],
  ['ARROW1', 'an Arrow file'],
  ['FEA1', 'a Feather file'],
  ['\x93NUMPY', 'a NumPy array'],
  ['\x80\x02', 'a Python pickle, which is never opened'],
  ['\x80\x03', 'a Python pickle, which is never opened'],
  ['\x80\x04', 'a Python pickle, which is never opened'],
  ['\x80\x05', 'a Python pickle, which is never opened'],
  ['\x7fELF', 'a program'],
  ['MZ\x90', 'a program'],
];

/** Compound files of Microsoft: old Excel workbooks, and new ones inside a container when they have a password. */
const compoundFile = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';

/**
 * Tells by the bytes what a file is; its name says nothing.
 * @throws EngineError FILE_EMPTY, FILE_KIND_UNSUPPORTED with what it is, FILE_ENCRYPTED.
 */
export function detectKind(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) throw new EngineError('FILE_EMPTY', 'The file is empty: it has 0 bytes.');
  const head = latin1(bytes.subarray(0, 16));
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return 'zip';
  if (head.startsWith('PAR1')) return 'parquet';
  if (head.startsWith('PARE')) throw new EngineError('FILE_ENCRYPTED', 'The Parquet file is encrypted.');
  if (head.startsWith(compoundFile)) throw refuseCompound(bytes);
  const stranger = strangers.find(([magic]) => head.startsWith(magic));
  if (stranger !== undefined) throw new EngineError('FILE_KIND_UNSUPPORTED', `The file is ${stranger[1]}.`);
  refuseMarkup(bytes);
  return 'text';
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function refuseCompound(bytes: Uint8Array): EngineError {
  // Names in the directory of a compound file are UTF-16; the stream of an encrypted workbook has this one.
  const name = [...'EncryptedPackage'].flatMap((letter) => [letter.charCodeAt(0), 0]);
  for (let at = bytes.indexOf(name[0]!, 512); at >= 0; at = bytes.indexOf(name[0]!, at + 1)) {
    if (name.every((byte, i) => bytes[at + i] === byte))
      return new EngineError(
        'FILE_ENCRYPTED',
        'The workbook is protected by a password.',
        {},
        'Save it as .xlsx without a password.',
      );
  }
  return new EngineError(
    'FILE_KIND_UNSUPPORTED',
    'The file is an old Excel workbook (.xls) or another old Office document.',
    {},
    'Save it as .xlsx without a password, or as CSV.',
  );
}

function refuseMarkup(bytes: Uint8Array): void {
  const start = latin1(bytes.subarray(0, 1000))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (/^<(?:!doctype html|html|head|body|table|div|meta)/.test(start))
    throw new EngineError('FILE_KIND_UNSUPPORTED', 'The file is a web page (HTML), whatever its name says.');
  if (start.startsWith('<?xml') || start.startsWith('<!doctype'))
    throw new EngineError('FILE_KIND_UNSUPPORTED', 'The file is an XML document.');
  if (/^(?:\{\s*"|\[\s*[[{"\d])/.test(start))
    throw new EngineError('FILE_KIND_UNSUPPORTED', 'The file is a JSON document.');
}
