/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly socket: NgxSocket;
}
interface NgxRequestBodySocket { readonly todo?: never }
interface NgxRawRequestSocket { readonly todo?: never }
interface NgxSocket { readonly todo?: never }
