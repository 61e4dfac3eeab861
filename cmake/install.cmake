# The library with its public headers, the shared one for C (impasto::c, impasto.pc), and what
# find_package(impasto) reads.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/impasto)

install(TARGETS impasto impasto_c EXPORT impastoTargets FILE_SET HEADERS)
install(EXPORT impastoTargets NAMESPACE impasto:: DESTINATION ${package_dir})

get_property(component_needs GLOBAL PROPERTY impasto_component_needs)
get_property(component_found GLOBAL PROPERTY impasto_component_found)
configure_package_config_file(cmake/impastoConfig.cmake.in ${PROJECT_BINARY_DIR}/impastoConfig.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/impastoConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)  # until 1.0
install(FILES ${PROJECT_BINARY_DIR}/impastoConfig.cmake
              ${PROJECT_BINARY_DIR}/impastoConfigVersion.cmake DESTINATION ${package_dir})
configure_file(cmake/impasto.pc.in ${PROJECT_BINARY_DIR}/impasto.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/impasto.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
