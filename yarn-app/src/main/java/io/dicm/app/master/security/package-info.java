/** The tokens that an application's processes show to file systems and YARN, kept fresh. */
package io.dicm.app.master.security;
