/** The secret that an application's processes know each other by. */
package io.dicm.common.security;
