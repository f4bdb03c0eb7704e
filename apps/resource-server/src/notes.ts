import type { FastifyInstance, FastifyRequest } from 'fastify';

/** One note of a person. */
export interface Note {
  readonly id: number;
  readonly text: string;
}

/** The notes of everybody, in memory. */
export interface Notebook {
  list(owner: string): readonly Note[];
  add(owner: string, text: string): Note;
}

/** How many notes one owner keeps; the oldest go. */
const MAX_NOTES = 100;

/** A notebook with one note for each new owner, so that there is something to steal. */
export function createNotebook(): Notebook {
  const notes = new Map<string, Note[]>();
  let lastId = 0;

  function notesOf(owner: string): Note[] {
    let own = notes.get(owner);
    if (own === undefined) {
      own = [{ id: ++lastId, text: 'The safe is behind the painting.' }];
      notes.set(owner, own);
    }
    return own;
  }

  return {
    list: notesOf,
    add(owner, text): Note {
      const own = notesOf(owner);
      const note = { id: ++lastId, text };
      own.push(note);
      own.splice(0, own.length - MAX_NOTES);
      return note;
    },
  };
}

/** What the same handlers need to know at each mount. */
export interface NotesOptions {
  readonly notebook: Notebook;
  /** Whose notes a request is about. */
  readonly ownerOf: (request: FastifyRequest) => string;
}

const NOTE_BODY = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1, maxLength: 1000 } },
};

/** The notes API: the same two handlers at every mount, whatever lets the request in. */
export function notesRoutes(app: FastifyInstance, { notebook, ownerOf }: NotesOptions): void {
  app.get('/notes', { config: { auth: { scopes: ['notes:read'] } } }, async (request) => ({
    notes: notebook.list(ownerOf(request)),
  }));

  app.post<{ Body: { text: string } }>(
    '/notes',
    { config: { auth: { scopes: ['notes:write'] } }, schema: { body: NOTE_BODY } },
    async (request, reply) => {
      reply.code(201);
      return notebook.add(ownerOf(request), request.body.text);
    },
  );
}
