export const metadata = (): Promise<number> => Promise.resolve(0)
