export interface Product {
  id: number;
  title: string;
  descriptionHtml: string;
}

export const COMEDY: Product = {
  id: 0,
  title: 'The Comedy of Errors',
  descriptionHtml:
    'Two pairs of twins, parted in a shipwreck, come to the same town on the same day, and nobody can tell who is who. ' +
    'A short and early play by <b>William Shakespeare</b>, in which every message is delivered, only to the wrong one.',
};

export const PRODUCTS: readonly Product[] = [COMEDY];
