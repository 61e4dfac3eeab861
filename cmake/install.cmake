# The library with its public headers, and what find_package(impasto) reads.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/impasto)

install(TARGETS impasto EXPORT impastoTargets FILE_SET HEADERS)
install(EXPORT impastoTargets NAMESPACE impasto:: DESTINATION ${package_dir})

get_target_property(library_type impasto TYPE)
get_property(component_needs GLOBAL PROPERTY impasto_component_needs)
get_property(component_found GLOBAL PROPERTY impasto_component_found)
configure_package_config_file(cmake/impastoConfig.cmake.in ${PROJECT_BINARY_DIR}/impastoConfig.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/impastoConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)  # until 1.0
install(FILES ${PROJECT_BINARY_DIR}/impastoConfig.cmake
              ${PROJECT_BINARY_DIR}/impastoConfigVersion.cmake DESTINATION ${package_dir})
install(FILES LICENSE THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
