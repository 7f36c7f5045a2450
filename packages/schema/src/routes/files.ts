import { z } from 'zod';
import { FileInfo, FileNamespace, FileToSign, SignedFile } from '../records/file.ts';
import { defineRoute } from './route.ts';

/** `generic` asks for files of all tenants; Athanor has none, so both values give the caller's own files. */
const generic = z.enum(['true', 'false']).optional();
const category = z.enum(['SDS', 'Other']).optional();

export const fileRoutes = {
  signUploads: defineRoute({
    name: 'signUploads',
    method: 'POST',
    isSafe: true,
    path: '/files/sign',
    summary: 'Get an address to upload each file to (PUT, valid for 15 minutes).',
    tag: 'Files',
    query: z.strictObject({ generic }),
    body: z.strictObject({ files: z.array(FileToSign).min(1).max(100) }),
    status: 200,
    reply: z.array(SignedFile),
  }),
  signDownload: defineRoute({
    name: 'signDownload',
    method: 'GET',
    path: '/files/sign',
    summary: 'Get an address to download a file from (valid for 15 minutes).',
    tag: 'Files',
    query: z.strictObject({
      name: z.string(),
      namespace: FileNamespace,
      versionId: z.string().optional(),
      generic,
      category,
    }),
    status: 200,
    reply: z.object({ URL: z.string() }),
  }),
  getFileInfo: defineRoute({
    name: 'getFileInfo',
    method: 'GET',
    path: '/files/info',
    summary: 'Read what is known of a file; 404 until it is wholly stored.',
    tag: 'Files',
    query: z.strictObject({ name: z.string(), namespace: FileNamespace, generic }),
    status: 200,
    reply: FileInfo,
  }),
  putFileContent: defineRoute({
    name: 'putFileContent',
    method: 'PUT',
    path: '/files/content/:signature',
    summary: 'Upload the bytes of a file to its signed address.',
    tag: 'Files',
    public: true,
    params: z.object({ signature: z.string() }),
    bodyType: 'binary',
    status: 200,
    reply: FileInfo,
  }),
  getFileContent: defineRoute({
    name: 'getFileContent',
    method: 'GET',
    path: '/files/content/:signature',
    summary: 'Download the bytes of a file from its signed address.',
    tag: 'Files',
    public: true,
    params: z.object({ signature: z.string() }),
    status: 200,
    replyType: 'binary',
  }),
} as const;
