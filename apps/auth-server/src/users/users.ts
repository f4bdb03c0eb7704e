/** A person who can sign in. */
export interface User {
  /** The subject of tokens. */
  readonly id: string;
  readonly username: string;
}

/** The people this server knows. */
export interface Users {
  find(id: string): Promise<User | undefined>;
  /** The person of that name when the password is right. Takes as long when there is no such name. */
  verifyPassword(username: string, password: string): Promise<User | undefined>;
}
