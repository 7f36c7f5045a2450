/** Content type of every answer that is JSON. */
export const jsonContentType = 'application/json; charset=utf-8';
