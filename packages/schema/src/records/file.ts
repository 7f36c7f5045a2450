import { z } from 'zod';

export const fileNamespaces = ['agent', 'breakthrough', 'pipeline', 'public', 'result', 'sds'] as const;
export const FileNamespace = z.enum(fileNamespaces);
export type FileNamespace = z.infer<typeof FileNamespace>;

/** A file as stored: its bytes never change; a new upload under the same name is a new version. */
export const FileInfo = z
  .object({
    name: z.string(),
    /** Size in bytes. */
    size: z.int(),
    /** SHA-256 of the bytes, hexadecimal. */
    etag: z.string(),
    namespace: FileNamespace,
    contentType: z.string(),
    lastModified: z.iso.datetime(),
    metadata: z.array(z.record(z.string(), z.string())),
    /** Names this version in `GET /files/sign`. */
    versionId: z.string(),
  })
  .meta({ id: 'FileInfo' });
export type FileInfo = z.infer<typeof FileInfo>;

/** Printable name of 1 to 1024 characters without control characters. It is a label: the place on disk is ours. */
export const FileName = z
  .string()
  .min(1)
  .max(1024)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters');

export const FileToSign = z.strictObject({
  name: FileName,
  namespace: FileNamespace,
  contentType: z.string().min(1).max(255),
  metadata: z.array(z.record(z.string(), z.string())).max(50).nullish(),
  category: z.enum(['SDS', 'Other']).nullish(),
  url: z.string().nullish(),
});
export type FileToSign = z.infer<typeof FileToSign>;

export const SignedFile = z
  .object({
    URL: z.string(),
    name: z.string(),
    namespace: FileNamespace,
  })
  .meta({ id: 'SignedFile' });
export type SignedFile = z.infer<typeof SignedFile>;
