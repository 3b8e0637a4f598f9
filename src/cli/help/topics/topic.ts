// What is a page of `virga help topics`?

export interface Topic {
  readonly title: string
  /** By heading; HTML, as the models' own texts are. */
  readonly sections: Readonly<Record<string, string>>
}
